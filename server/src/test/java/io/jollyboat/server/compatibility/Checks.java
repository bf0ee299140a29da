package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that is asked of each kind, in the order of the document. */
final class Checks {
    /** Those that stand for the verbs, and for each form of a patch. */
    static final List<Check> VERBS = List.of(
            new Check("create", s -> s.resource().verbs().contains("create"), Writing::create),
            new Check("get", s -> s.resource().verbs().contains("get"), Reading::get),
            new Check("list", s -> s.resource().verbs().contains("list"), Reading::list),
            Check.ofVerb("watch", "watch", Watching::watch),
            Check.ofVerb("update", "update", Writing::update),
            Check.ofVerb("JSON patch", "patch", Patching::json),
            Check.ofVerb("merge patch", "patch", Patching::merge),
            Check.ofVerb("strategic patch", "patch", Patching::strategic),
            Check.ofVerb("apply", "patch", Patching::apply),
            Check.ofVerb("delete", "delete", Removing::delete),
            Check.ofVerb("deletecollection", "deletecollection", Removing::deleteCollection));

    /** What is said of a kind beside its verbs. */
    static final List<Check> FORMS = List.of(
            Check.ofStored("table", Reading::table),
            Check.ofStored("protobuf", Reading::protobuf),
            Check.ofStored("dry run", Writing::dryRun),
            Check.ofStored("unknown fields", Writing::unknownFields),
            Check.ofStored("invalid", Writing::invalid),
            new Check("missing", s -> s.resource().verbs().contains("get"), Refusing::missing),
            new Check("not offered", s -> true, Refusing::notOffered));

    private Checks() {}

    /** The checks of a kind: verbs, forms, and its subresources as {@code /name}. */
    static List<Check> of(Resource resource) {
        List<Check> all = new ArrayList<>(VERBS);
        all.addAll(FORMS);
        resource.subresources()
                .forEach(s -> all.add(new Check("/" + s.name(), x -> true, new SubresourceTrial(s)::run)));
        return all;
    }

    /** What came of each check that applies: "" or what is wrong. */
    static Map<String, String> run(Cluster cluster, Sample sample) {
        Map<String, String> results = new LinkedHashMap<>();
        Trial trial = new Trial(cluster, sample);
        for (Check check : of(sample.resource())) {
            if (check.applies().test(sample)) {
                results.put(check.name(), outcome(check, trial));
            }
        }
        return results;
    }

    private static String outcome(Check check, Trial trial) {
        String wrong = attempt(() -> check.run().accept(trial));
        String left = attempt(trial::remove);
        return wrong.isEmpty() ? left : wrong;
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static String attempt(Attempt attempt) {
        try {
            attempt.run();
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (Exception | AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }
}
