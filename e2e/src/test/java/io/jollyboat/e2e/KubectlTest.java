package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of stock kubectl see when all goes well. */
@Needs(Need.KUBECTL)
@Timeout(120)
class KubectlTest extends WithKubectl {
    private static String map(String name, String data) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: " + data + "\n";
    }

    private static void says(Result result, String out) {
        assertThat(result.out()).as("%s\n%s", result.command(), result.err()).isEqualTo(out + "\n");
        result.ok();
    }

    @Test
    void aDeploymentIsCreatedChangedAndDeleted() {
        says(
                kubectl.run("create", "deployment", "web", "--image=nginx", "--replicas=2"),
                "deployment.apps/web created");
        assertThat(kubectl.run("get", "deployment", "web", "-o", "wide").ok().out())
                .containsPattern("NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\n"
                        + "web +0/2 +\\d +0 +\\d+s +nginx +nginx +app=web\n");
        says(kubectl.run("scale", "deployment", "web", "--replicas=3"), "deployment.apps/web scaled");
        says(kubectl.run("label", "deployment", "web", "tier=front"), "deployment.apps/web labeled");
        says(kubectl.run("annotate", "deployment", "web", "note=x"), "deployment.apps/web annotated");
        says(kubectl.run("set", "image", "deployment/web", "nginx=nginx:2"), "deployment.apps/web image updated");
        says(
                kubectl.run("patch", "deployment", "web", "-p", "{\"spec\":{\"paused\":true}}"),
                "deployment.apps/web patched");
        says(
                kubectl.run("patch", "deployment", "web", "-p", "{\"spec\":{\"paused\":true}}"),
                "deployment.apps/web patched (no change)");
        says(
                kubectl.run(
                        "patch",
                        "deployment",
                        "web",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/spec/paused\"}]"),
                "deployment.apps/web patched");
        Result shown = kubectl.run(
                "get",
                "deployment",
                "web",
                "-o",
                "jsonpath={.spec.replicas} {.metadata.labels.tier} {.metadata.annotations.note}"
                        + " {.spec.template.spec.containers[0].image}");
        assertThat(shown.out()).isEqualTo("3 front x nginx:2");
        kubectl.run("describe", "deployment", "web").ok().says("Name:", "web", "3 desired", "nginx:2");
        kubectl.run("delete", "deployment", "web").ok().says("deployment.apps \"web\" deleted");
        kubectl.run("get", "deployment", "web")
                .fails()
                .says("Error from server (NotFound): deployments.apps \"web\" not found");
    }

    @Test
    void podsAreListedAsTables() {
        kubectl.run("run", "lonely", "--image=busybox").ok().says("pod/lonely created");
        assertThat(kubectl.run("get", "pod", "lonely", "-o", "wide").ok().out())
                .containsPattern("NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n"
                        + "lonely +0/1 +Pending +0 +\\d+s +<none> +<none> +<none> +<none>\n");
        assertThat(kubectl.run("get", "pods", "--show-labels").ok().out()).contains("run=lonely");
        kubectl.run("delete", "pod", "lonely").ok().says("pod \"lonely\" deleted");
    }

    @Test
    void manifestsAreAppliedComparedAndReplaced() throws IOException {
        kubectl.file("applied.yaml", map("applied", "{a: '1', b: '2'}"));
        says(kubectl.run("apply", "-f", "applied.yaml"), "configmap/applied created");
        says(kubectl.run("apply", "-f", "applied.yaml"), "configmap/applied unchanged");
        assertThat(kubectl.run("diff", "-f", "applied.yaml").ok().out()).isEmpty();
        kubectl.file("applied.yaml", map("applied", "{a: '3'}"));
        Result difference = kubectl.run("diff", "-f", "applied.yaml");
        assertThat(difference.status()).isEqualTo(1);
        assertThat(difference.out()).contains("-  a: \"1\"", "+  a: \"3\"", "-  b: \"2\"");
        says(
                kubectl.run("apply", "-f", "applied.yaml", "--dry-run=server"),
                "configmap/applied configured (server dry run)");
        says(kubectl.run("apply", "-f", "applied.yaml"), "configmap/applied configured");
        assertThat(kubectl.run("get", "cm", "applied", "-o", "jsonpath={.data}").out())
                .isEqualTo("{\"a\":\"3\"}");
        kubectl.file("applied.yaml", map("applied", "{c: '4'}"));
        says(kubectl.run("replace", "-f", "applied.yaml"), "configmap/applied replaced");
        assertThat(kubectl.run("get", "cm", "applied", "-o", "jsonpath={.data}").out())
                .isEqualTo("{\"c\":\"4\"}");
        kubectl.run("delete", "-f", "applied.yaml").ok().says("configmap \"applied\" deleted");
    }

    @Test
    void theServerAppliesAndMindsWhoOwnsWhat() throws IOException {
        kubectl.file("owned.yaml", map("owned", "{a: '1'}"));
        says(kubectl.run("apply", "--server-side", "-f", "owned.yaml"), "configmap/owned serverside-applied");
        says(
                kubectl.run("patch", "cm", "owned", "--field-manager=other", "-p", "{\"data\":{\"a\":\"2\"}}"),
                "configmap/owned patched");
        kubectl.run("apply", "--server-side", "-f", "owned.yaml")
                .fails()
                .says(
                        "error: Apply failed with 1 conflict: conflict with \"other\" using v1: .data.a",
                        "--force-conflicts");
        says(
                kubectl.run("apply", "--server-side", "--force-conflicts", "-f", "owned.yaml"),
                "configmap/owned serverside-applied");
        assertThat(kubectl.run("get", "cm", "owned", "-o", "yaml", "--show-managed-fields")
                        .ok()
                        .out())
                .contains("manager: kubectl", "operation: Apply", "f:a: {}");
    }

    @Test
    void objectsAreMadeFromArguments() throws IOException {
        says(
                kubectl.run("create", "configmap", "made", "--from-literal=k=v", "--from-literal=l=w"),
                "configmap/made created");
        kubectl.run("create", "configmap", "made")
                .fails()
                .says("error: failed to create configmap: configmaps \"made\" already exists");
        says(kubectl.run("create", "secret", "generic", "made", "--from-literal=k=v"), "secret/made created");
        assertThat(kubectl.run("get", "secret", "made").ok().out())
                .containsPattern("NAME +TYPE +DATA +AGE\nmade +Opaque +1 +\\d+s\n");
        says(kubectl.run("create", "serviceaccount", "made"), "serviceaccount/made created");
        says(kubectl.run("create", "namespace", "made"), "namespace/made created");
        says(
                kubectl.run("create", "role", "made", "--verb=get", "--resource=pods"),
                "role.rbac.authorization.k8s.io/made created");
        says(kubectl.run("create", "service", "clusterip", "made", "--tcp=80:8080"), "service/made created");
        kubectl.run("delete", "namespace", "made").ok().says("namespace \"made\" deleted");
    }

    @Test
    void objectsAreEdited() throws IOException {
        kubectl.run("create", "configmap", "edited", "--from-literal=k=before").ok();
        Path script = kubectl.file("editor.sh", "#!/bin/sh\nsed -i s/before/after/ \"$1\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Kubectl editing = kubectl.with("KUBE_EDITOR", script.toString());
        says(editing.run("edit", "configmap", "edited"), "configmap/edited edited");
        assertThat(kubectl.run("get", "cm", "edited", "-o", "jsonpath={.data.k}")
                        .out())
                .isEqualTo("after");
        editing.run("edit", "configmap", "edited").ok().says("Edit cancelled, no changes made.");
    }

    @Test
    void kindsAndFieldsAreExplained() {
        assertThat(kubectl.run("explain", "deployment.spec.replicas").ok().out())
                .contains("GROUP:      apps", "KIND:       Deployment", "VERSION:    v1", "FIELD: replicas <integer>")
                .contains("Number of desired pods");
        assertThat(kubectl.run("explain", "pod", "--recursive").ok().out()).contains("terminationGracePeriodSeconds");
        assertThat(kubectl.run("api-resources").ok().out())
                .containsPattern("NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n")
                .containsPattern("deployments +deploy +apps/v1 +true +Deployment\n")
                .containsPattern("nodes +no +v1 +false +Node\n");
        assertThat(kubectl.run("api-versions").ok().out()).contains("apps/v1\n", "rbac.authorization.k8s.io/v1\n");
        kubectl.run("get", "all").ok();
        kubectl.run("cluster-info").ok().says("is running at");
    }

    @Test
    void everybodyCanAskWhatTheyMayDo() {
        says(kubectl.run("auth", "can-i", "delete", "nodes"), "yes");
        Result no = kubectl.run("auth", "can-i", "get", "secrets", "--as=ann");
        assertThat(no.out()).isEqualTo("no\n");
        assertThat(no.status()).isEqualTo(1);
        assertThat(kubectl.run("auth", "whoami").ok().out()).containsPattern("Username +root\n");
        assertThat(kubectl.run("auth", "can-i", "--list", "--as=ann").ok().out())
                .containsPattern("selfsubjectaccessreviews.authorization.k8s.io +\\[] +\\[] +\\[create]");
        kubectl.run("get", "secrets", "--as=ann")
                .fails()
                .says("Error from server (Forbidden): secrets is forbidden: User \"ann\" cannot list resource"
                        + " \"secrets\" in API group \"\" in the namespace \"default\"");
    }

    @Test
    void tokensAreMadeAndUsed() throws IOException {
        kubectl.run("create", "serviceaccount", "robot").ok();
        kubectl.run("create", "rolebinding", "robot", "--clusterrole=view", "--serviceaccount=default:robot")
                .ok();
        String token =
                kubectl.run("create", "token", "robot", "--duration=10m").ok().text();
        Kubectl robot = Kubectl.in(home, server.kubeconfigOf(token));
        assertThat(robot.run("auth", "whoami").ok().out()).contains("system:serviceaccount:default:robot");
        robot.run("get", "configmaps").ok();
        robot.run("create", "configmap", "x").fails().says("cannot create resource \"configmaps\"");
        Kubectl nobody = Kubectl.in(home, server.kubeconfigOf(token.substring(1)));
        nobody.run("get", "configmaps").fails().says("You must be logged in to the server");
    }

    @Test
    void deletionsAreWaitedFor() throws Exception {
        kubectl.input(
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n",
                        "create",
                        "-f",
                        "-")
                .ok();
        kubectl.run("delete", "configmap", "held", "--wait=false").ok().says("configmap \"held\" deleted");
        Process waiting = kubectl.prepare("wait", "--for=delete", "configmap/held", "--timeout=30s", "-v=6")
                .start();
        try (BufferedReader lines = waiting.inputReader();
                BufferedReader requests = waiting.errorReader()) {
            assertThat(requests.lines().anyMatch(line -> line.contains("watch=true")))
                    .isTrue();
            kubectl.run("patch", "configmap", "held", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}")
                    .ok();
            assertThat(lines.readLine()).isEqualTo("configmap/held condition met");
            assertThat(waiting.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.exitValue()).isZero();
        } finally {
            waiting.destroy();
        }
        kubectl.run("wait", "--for=delete", "configmap/held", "--timeout=1s").ok();
    }

    @Test
    void changesAreWatched() throws Exception {
        Process watching = kubectl.prepare("get", "configmaps", "-l", "seen=yes", "-w", "-o", "name")
                .start();
        try (BufferedReader lines = watching.inputReader()) {
            kubectl.run("create", "configmap", "seen").ok();
            kubectl.run("label", "configmap", "seen", "seen=yes").ok();
            assertThat(lines.readLine()).isEqualTo("configmap/seen");
        } finally {
            watching.destroy();
        }
        assertThat(kubectl.run("get", "configmap", "seen", "-w", "--request-timeout=1s")
                        .out())
                .containsPattern("NAME +DATA +AGE\nseen +0 +\\d+s\n");
    }
}
