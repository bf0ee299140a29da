package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What must be true of classes of storage, of drivers, of what nodes have of them, and of attachments. */
final class StorageChecks {
    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    private static final int DRIVER_NAME_LIMIT = 63;
    private static final int PARAMETERS_LIMIT = 512;
    private static final int PARAMETERS_SIZE_LIMIT_BYTES = 256 * 1024;
    private static final int NODE_ID_LIMIT = 256;
    private static final int MESSAGE_LIMIT = 1024;
    private static final long SHORTEST_PERIOD_SECONDS = 10;
    private static final long SHORTEST_TOKEN_SECONDS = 600;

    private StorageChecks() {}

    static void hostPath(Place hostPath) {
        if (hostPath.at("path").isSet()) {
            VolumeChecks.noBackSteps(hostPath.at("path"));
            Values.oneOf(hostPath.at("type"), HOST_PATH_TYPES);
        }
    }

    static void nfs(Place nfs) {
        if (!nfs.text("path").startsWith("/")) {
            nfs.at("path").orEmpty().invalid("must be an absolute path");
        }
    }

    /** A name of a driver of container storage: a domain in small or capital letters. */
    static void driverName(Place name) {
        if (!name.isSet()) {
            name.required("");
            return;
        }
        if (name.text().length() > DRIVER_NAME_LIMIT) {
            name.tooLong(DRIVER_NAME_LIMIT);
        }
        name.invalid(NameRules.dnsSubdomain(name.text().toLowerCase(Locale.ROOT)));
    }

    static void positive(Place amount) {
        Optional<Quantity> quantity = Quantity.parse(amount.text());
        if (quantity.filter(q -> q.isZero() || q.isNegative()).isPresent()) {
            amount.quoting(quantity.get().toString()).invalid("must be greater than zero");
        } else {
            Values.quantity(amount);
        }
    }

    static void storageClass(Place type) {
        provisioner(type.at("provisioner"));
        parameters(type.at("parameters"));
        // Kubernetes begins with as many empty terms, so that one that says nothing repeats them
        List<Map<String, Set<String>>> terms = new ArrayList<>(
                Collections.nCopies(type.at("allowedTopologies").node().size(), Map.of()));
        for (Place term : type.each("allowedTopologies")) {
            Map<String, Set<String>> expressions = expressions(term);
            terms.stream()
                    .filter(expressions::equals)
                    .forEach(same -> term.at("matchLabelExpressions").orEmpty().duplicate());
            terms.add(expressions);
        }
    }

    /** The values by the labels that must have one of them. */
    private static Map<String, Set<String>> expressions(Place term) {
        Map<String, Set<String>> expressions = new HashMap<>();
        for (Place expression : term.each("matchLabelExpressions")) {
            Place values = expression.at("values");
            values.mustBeSet();
            Set<String> distinct = new HashSet<>();
            values.elements().stream()
                    .filter(value -> !distinct.add(value.text()))
                    .forEach(Place::duplicate);
            Place key = expression.at("key").orEmpty();
            key.invalid(NameRules.qualified(key.text()));
            if (expressions.put(key.text(), distinct) != null) {
                key.duplicate();
            }
        }
        return expressions;
    }

    static void attributesClass(Place type) {
        provisioner(type.at("driverName"));
        parameters(type.at("parameters"));
        if (!type.at("parameters").isSet()) {
            type.at("parameters").required("must contain at least one key/value pair");
        }
    }

    /** Messages show it in small letters, in which it is checked. */
    private static void provisioner(Place name) {
        if (name.isSet()) {
            Values.qualified(name.quoting(name.text().toLowerCase(Locale.ROOT)));
        } else {
            name.required("");
        }
    }

    private static void parameters(Place parameters) {
        if (parameters.node().size() > PARAMETERS_LIMIT) {
            parameters.tooLong(PARAMETERS_LIMIT);
            return;
        }
        if (parameters.node().has("")) {
            parameters.quoting("").invalid("field can not be empty.");
        }
        if (sizeBytes(parameters) > PARAMETERS_SIZE_LIMIT_BYTES) {
            parameters.tooLong(PARAMETERS_SIZE_LIMIT_BYTES);
        }
    }

    private static long sizeBytes(Place map) {
        return map.node().properties().stream()
                .mapToLong(
                        entry -> bytes(entry.getKey()) + bytes(entry.getValue().asString("")))
                .sum();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void driver(Place driver) {
        Place spec = driver.at("spec");
        Set<String> audiences = new HashSet<>();
        for (Place request : spec.each("tokenRequests")) {
            Place life = request.at("expirationSeconds");
            if (!audiences.add(request.text("audience"))) {
                request.at("audience").quoting(request.text("audience")).duplicate();
            } else if (life.isThere() && life.number() < SHORTEST_TOKEN_SECONDS) {
                life.invalid("may not specify a duration less than 10 minutes");
            } else if (life.number() > 1L << 32) {
                life.invalid("may not specify a duration larger than 2^32 seconds");
            }
        }
        Place modes = spec.at("volumeLifecycleModes");
        modes.elements().forEach(mode -> Values.oneOf(mode.toldAs(modes.path()), List.of("Persistent", "Ephemeral")));
        Place period = spec.at("nodeAllocatableUpdatePeriodSeconds");
        if (period.isThere() && period.number() < SHORTEST_PERIOD_SECONDS) {
            period.invalid("must be greater than or equal to 10 seconds");
        }
        Place inSecrets = spec.at("serviceAccountTokenInSecrets");
        if (inSecrets.isThere() && !spec.at("tokenRequests").isSet()) {
            inSecrets.invalid("serviceAccountTokenInSecrets is set but no tokenRequests are specified");
        }
    }

    static void driverChange(Place newer, Place stored) {
        same(newer, stored, "attachRequired", "spec.attachedRequired"); // that is how Kubernetes tells it
        same(newer, stored, "volumeLifecycleModes", "spec.volumeLifecycleModes");
    }

    private static void same(Place newer, Place stored, String field, String told) {
        Place now = newer.in("spec", field);
        if (!Likeness.same(now.node(), stored.in("spec", field).node())) {
            now.toldAs(told).invalid("field is immutable");
        }
    }

    static void node(Place node) {
        Set<String> names = new HashSet<>();
        for (Place driver : node.at("spec").each("drivers")) {
            driverName(driver.at("name"));
            Place id = driver.at("nodeID");
            id.mustBeSet();
            if (id.text().length() > NODE_ID_LIMIT) {
                id.invalid("must be " + NODE_ID_LIMIT + " characters or less");
            }
            Values.nonNegative(driver.in("allocatable", "count"));
            if (!names.add(driver.text("name"))) {
                driver.at("name").orEmpty().duplicate();
            }
            Set<String> keys = new HashSet<>();
            for (Place key : driver.each("topologyKeys")) {
                Place told = driver.quoting(key.text());
                if (key.text().isEmpty()) {
                    told.required("");
                }
                if (!keys.add(key.text())) {
                    told.duplicate();
                }
                told.invalid(NameRules.qualified(key.text()));
            }
        }
    }

    /** A driver stays as it is, but for how much a node can take of it. */
    static void nodeChange(Place newer, Place stored) {
        for (Place before : stored.at("spec").each("drivers")) {
            for (Place now : newer.at("spec").each("drivers")) {
                if (now.text("name").equals(before.text("name")) && !Likeness.same(fixed(now), fixed(before))) {
                    new Place("spec.drivers", Internal.form("CSINodeDriver", fixed(now)), newer.causes())
                            .invalid("field is immutable");
                }
            }
        }
    }

    private static JsonNode fixed(Place driver) {
        ObjectNode copy = (ObjectNode) driver.node().deepCopy();
        copy.remove("allocatable");
        return copy;
    }

    static void capacity(Place capacity) {
        Values.selector(capacity.at("nodeTopology"));
        Place name = capacity.at("storageClassName").orEmpty();
        name.invalid(NameRules.dnsSubdomain(name.text()));
        Values.quantity(capacity.at("capacity"));
    }

    static void attachment(Place attachment) {
        Place spec = attachment.at("spec");
        spec.at("attacher").mustBeSet();
        Place source = spec.at("source");
        Place volume = source.at("persistentVolumeName");
        Place inline = source.at("inlineVolumeSpec");
        String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        if (!volume.isThere() && !inline.isThere()) {
            source.required(one);
        } else if (volume.isThere() && inline.isThere()) {
            source.forbidden(one);
        } else if (inline.isThere()) {
            PersistentVolumeChecks.inline(inline);
        } else if (!volume.isSet()) {
            volume.required("must specify non empty persistentVolumeName");
        }
        Place node = spec.at("nodeName").orEmpty();
        node.invalid(NameRules.dnsSubdomain(node.text()));
        attachmentStatus(attachment);
    }

    /** What is asked of a new one only. */
    static void attachmentCreated(Place attachment) {
        driverName(attachment.in("spec", "attacher"));
        Place volume = attachment.in("spec", "source", "persistentVolumeName");
        if (volume.isThere()) {
            volume.invalid(NameRules.dnsSubdomain(volume.text()));
        }
    }

    static void attachmentStatus(Place attachment) {
        Place status = attachment.at("status");
        if (sizeBytes(status.at("attachmentMetadata")) > PARAMETERS_SIZE_LIMIT_BYTES) {
            status.at("attachmentMetadata").tooLong(PARAMETERS_SIZE_LIMIT_BYTES);
        }
        for (String field : List.of("attachError", "detachError")) {
            Place error = status.at(field);
            if (bytes(error.text("message")) > MESSAGE_LIMIT) {
                error.at("message").tooLong(PARAMETERS_SIZE_LIMIT_BYTES);
            }
            if (error.at("errorCode").number() < 0) {
                error.at("errorCode").invalid("must be between 0 and 2147483647, inclusive");
            }
        }
    }
}
