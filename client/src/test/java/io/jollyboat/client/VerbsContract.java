package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Failure;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What every {@link io.jollyboat.api.Api} does with create, get, list, update and delete. */
abstract class VerbsContract extends ApiContract {
    @Test
    void whatIsCreatedCanBeRead() {
        ObjectNode made = make("a", "x");
        assertThat(made.path("kind").asString()).isEqualTo("ConfigMap");
        assertThat(made.path("apiVersion").asString()).isEqualTo("v1");
        assertThat(made.at("/metadata/uid").asString()).isNotEmpty();
        assertThat(made.at("/metadata/resourceVersion").asString()).isNotEmpty();
        assertThat(made.at("/metadata/managedFields/0/manager").asString()).isEqualTo("tester");
        assertThat(api.get(map("a"))).isEqualTo(made);
    }

    @Test
    void namesAreMadeFromTheirBeginning() {
        ObjectNode made = create("{metadata:{generateName:'web-'}}");
        assertThat(made.at("/metadata/name").asString()).matches("web-[a-z0-9]{5}");
    }

    @Test
    void whatIsMissingTakenOrWrongIsToldInKubernetesWords() {
        make("a", "x");
        assertRefused(() -> api.get(map("none")), "404 NotFound configmaps \"none\" not found");
        assertRefused(() -> make("a", "x"), "409 AlreadyExists configmaps \"a\" already exists");
        assertRefused(
                () -> api.create(MAP, "none", json("{metadata:{name:'a'}}"), options()),
                "404 NotFound namespaces \"none\" not found");
        assertRefused(
                () -> create("{}"),
                "422 Invalid ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");
        assertRefused(
                () -> create("{kind:'Secret',metadata:{name:'a'}}"),
                "400 BadRequest Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret)"
                        + " to (core.ConfigMap): unknown conversion");
        assertRefused(
                () -> api.create(MAP, "default", json("{metadata:{name:'a',namespace:'b'}}"), options()),
                "400 BadRequest the namespace of the provided object does not match the namespace sent on the request");
        assertRefused(
                () -> api.list(MAP, "default", ListOptions.fields("data.a=1")),
                "400 BadRequest \"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    @Test
    void whatTheDetailsSayArrivesWhole() {
        StatusException refusal = refused(() -> api.create(
                Resources.kind("v1", "Service"),
                "default",
                json("{metadata:{name:'Big'},spec:{ports:[{port:0}]}}"),
                options()));
        Failure failure = refusal.failure();
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(failure.kind()).isEqualTo("Service");
        assertThat(failure.name()).isEqualTo("Big");
        assertThat(failure.causes())
                .hasSize(3)
                .contains(new Cause(
                        "FieldValueInvalid",
                        "Invalid value: 0: must be between 1 and 65535, inclusive",
                        "spec.ports[0].port"));
    }

    @Test
    void namesWithOddCharactersAreSimplyMissing() {
        for (String odd : List.of("a b", "a%2Fb", "ä", "a?b", "a#b", "a+b")) {
            assertRefused(() -> api.get(map(odd)), "404 NotFound configmaps \"" + odd + "\" not found");
        }
    }

    @Test
    void unknownFieldsAreWarnedOfOrRefused() {
        String text = "{metadata:{name:'%s'},data:{a:'1'},extra:{x:1}}";
        create(text.formatted("a"));
        assertThat(warnings).containsExactly("unknown field \"extra\"");
        assertRefused(
                () -> api.create(MAP, "default", json(text.formatted("b")), strict()),
                "400 BadRequest ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                        + " unknown field \"extra\"");
        api.create(MAP, "default", json(text.formatted("c")), WriteOptions.by("tester"));
        assertThat(warnings).hasSize(1);
        assertThat(api.get(map("c")).has("extra")).isFalse();
    }

    @Test
    void aDryRunLeavesNothing() {
        ObjectNode made = api.create(MAP, "default", json("{metadata:{name:'a'}}"), dryRun());
        assertThat(made.at("/metadata/name").asString()).isEqualTo("a");
        assertThat(names(ListOptions.ALL)).isEmpty();
        make("a", "x");
        api.delete(map("a"), new DeleteOptions(Optional.empty(), Optional.empty(), "", "", true));
        assertThat(names(ListOptions.ALL)).containsExactly("a");
    }

    @Test
    void itemsOfAListAreWholeObjects() {
        ObjectNode made = make("a", "x");
        ObjectList list = api.list(MAP, "default", ListOptions.ALL);
        assertThat(list.items()).containsExactly(made);
        assertThat(list.resource()).isEqualTo(MAP);
        assertThat(list.resourceVersion())
                .isEqualTo(made.at("/metadata/resourceVersion").asString());
        assertThat(api.list(MAP, "", ListOptions.ALL).items()).containsExactly(made);
    }

    @Test
    void listsComeInPagesThatShowOneState() {
        for (int i = 0; i < 5; i++) {
            make("m" + i, "x");
        }
        ObjectList first = api.list(MAP, "default", page(""));
        assertThat(first.remaining()).hasValue(3);
        delete("m4");
        List<String> seen = new ArrayList<>();
        ObjectList page = first;
        while (true) {
            page.items().forEach(item -> seen.add(item.at("/metadata/name").asString()));
            assertThat(page.resourceVersion()).isEqualTo(first.resourceVersion());
            if (page.next().isEmpty()) {
                break;
            }
            page = api.list(MAP, "default", page(page.next()));
        }
        assertThat(seen).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    private static ListOptions page(String next) {
        return new ListOptions("", "", "", "", 2, next);
    }

    @Test
    void anExpiredPageTellsHowToGoOn() {
        for (int i = 0; i < 3; i++) {
            make("m" + i, "x");
        }
        ObjectList first = api.list(MAP, "default", page(""));
        make("late", "x");
        store.compact(store.revision());
        StatusException expired = refused(() -> api.list(MAP, "default", page(first.next())));
        assertThat(expired.failure().reason()).isEqualTo(Reason.EXPIRED);
        assertThat(api.list(MAP, "default", page(expired.next())).items())
                .extracting(item -> item.at("/metadata/name").asString())
                .containsExactly("m2");
        assertRefused(
                () -> api.list(MAP, "default", page("nonsense")),
                refusedWords(() -> server.internal().list(MAP, "default", page("nonsense"))));
    }

    private static String refusedWords(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Failure failure = refused(call).failure();
        return failure.reason().code() + " " + failure.reason().text() + " " + failure.message();
    }

    @Test
    void selectorsChoose() {
        make("a", "x");
        make("b", "y");
        make("c", "z");
        assertThat(names(ListOptions.labels("l in (x, y)"))).containsExactly("a", "b");
        assertThat(names(ListOptions.labels("l!=x,l"))).containsExactly("b", "c");
        assertThat(names(ListOptions.labels("!l"))).isEmpty();
        assertThat(names(ListOptions.fields("metadata.name=b"))).containsExactly("b");
        assertThat(names(ListOptions.fields("metadata.name!=b,metadata.namespace=default")))
                .containsExactly("a", "c");
        assertRefused(
                () -> names(ListOptions.labels("l in (")),
                refusedWords(() -> server.internal().list(MAP, "default", ListOptions.labels("l in ("))));
    }

    @Test
    void anOldStateCanBeListed() {
        String before = make("a", "x").at("/metadata/resourceVersion").asString();
        make("b", "x");
        assertThat(names(new ListOptions("", "", before, "Exact", 0, ""))).containsExactly("a");
        assertThat(names(new ListOptions("", "", before, "NotOlderThan", 0, "")))
                .containsExactly("a", "b");
        assertThat(names(new ListOptions("", "", "0", "", 0, ""))).containsExactly("a", "b");
    }

    @Test
    void anUpdateNeedsTheNewestVersionIfAny() {
        ObjectNode first = make("a", "x");
        ObjectNode changed = first.deepCopy();
        changed.withObject("/data").put("a", "2");
        ObjectNode second = api.update(map("a"), changed, options());
        assertThat(second.at("/data/a").asString()).isEqualTo("2");
        assertThat(second.at("/metadata/resourceVersion")).isNotEqualTo(first.at("/metadata/resourceVersion"));
        assertRefused(
                () -> api.update(map("a"), changed, options()),
                "409 Conflict Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please"
                        + " apply your changes to the latest version and try again");
        ObjectNode blind = changed.deepCopy();
        blind.withObject("/metadata").remove("resourceVersion");
        assertThat(api.update(map("a"), blind, options())).isEqualTo(second);
        assertRefused(
                () -> api.update(map("none"), json("{metadata:{name:'none'}}"), options()),
                "404 NotFound configmaps \"none\" not found");
    }

    @Test
    void aDeletedObjectIsAnsweredWithAStatus() {
        ObjectNode made = make("a", "x");
        ObjectNode answer = delete("a");
        assertThat(answer.path("kind").asString()).isEqualTo("Status");
        assertThat(answer.path("status").asString()).isEqualTo("Success");
        assertThat(answer.at("/details/name").asString()).isEqualTo("a");
        assertThat(answer.at("/details/uid")).isEqualTo(made.at("/metadata/uid"));
        assertRefused(() -> delete("a"), "404 NotFound configmaps \"a\" not found");
    }

    @Test
    void aDeletionMayHaveConditions() {
        ObjectNode made = make("a", "x");
        String uid = made.at("/metadata/uid").asString();
        assertRefused(
                () -> api.delete(map("a"), new DeleteOptions(Optional.empty(), Optional.empty(), "other", "", false)),
                "409 Conflict Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does"
                        + " not match the UID in record (" + uid
                        + "). The object might have been deleted and then recreated");
        assertThat(refused(() -> api.delete(
                                map("a"), new DeleteOptions(Optional.empty(), Optional.empty(), "", "1", false)))
                        .failure()
                        .reason())
                .isEqualTo(Reason.CONFLICT);
        api.delete(map("a"), new DeleteOptions(Optional.empty(), Optional.empty(), uid, "", false));
        assertThat(names(ListOptions.ALL)).isEmpty();
    }

    @Test
    void propagationLeavesAFinalizer() {
        make("f", "x");
        make("o", "x");
        make("b", "x");
        ObjectNode foreground = api.delete(map("f"), propagation(Propagation.FOREGROUND));
        assertThat(foreground.at("/metadata/finalizers").toString()).isEqualTo("[\"foregroundDeletion\"]");
        assertThat(foreground.at("/metadata/deletionTimestamp").asString()).isNotEmpty();
        api.delete(map("o"), propagation(Propagation.ORPHAN));
        assertThat(api.get(map("o")).at("/metadata/finalizers").toString()).isEqualTo("[\"orphan\"]");
        api.delete(map("b"), propagation(Propagation.BACKGROUND));
        assertThat(names(ListOptions.ALL)).containsExactly("f", "o");
    }

    private static DeleteOptions propagation(Propagation policy) {
        return new DeleteOptions(Optional.empty(), Optional.of(policy), "", "", false);
    }

    @Test
    void aPodIsGivenTime() {
        api.create(Resources.kind("v1", "ServiceAccount"), "default", json("{metadata:{name:'default'}}"), options());
        api.create(
                POD,
                "default",
                json("{metadata:{name:'p'},spec:{nodeName:'n',containers:[{name:'c',image:'i'}]}}"),
                options());
        Target pod = Target.of(POD, "default", "p");
        ObjectNode marked = api.delete(pod, DeleteOptions.DEFAULT);
        assertThat(marked.at("/metadata/deletionGracePeriodSeconds").asLong()).isEqualTo(30);
        ObjectNode gone = api.delete(pod, new DeleteOptions(Optional.of(0L), Optional.empty(), "", "", false));
        assertThat(gone.at("/metadata/name").asString()).isEqualTo("p");
        assertRefused(() -> api.get(pod), "404 NotFound pods \"p\" not found");
    }

    @Test
    void manyAreDeletedBySelector() {
        make("a", "x");
        make("b", "y");
        make("c", "x");
        ObjectList gone = api.deleteCollection(MAP, "default", ListOptions.labels("l=x"), DeleteOptions.DEFAULT);
        assertThat(gone.items())
                .extracting(item -> item.at("/metadata/name").asString())
                .containsExactly("a", "c");
        assertThat(names(ListOptions.ALL)).containsExactly("b");
    }
}
