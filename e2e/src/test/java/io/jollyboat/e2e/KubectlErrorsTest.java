package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of stock kubectl see when they hand in what cannot be. */
@Needs(Need.KUBECTL)
@Timeout(120)
class KubectlErrorsTest extends WithKubectl {
    private static Result create(String manifest) {
        return kubectl.input(manifest, "create", "-f", "-").fails();
    }

    private static String deployment(String name, String spec) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s}
                spec:
                  %s
                  selector: {matchLabels: {a: b}}
                  template:
                    metadata: {labels: {a: b}}
                    spec: {containers: [{name: c, image: i}]}
                """.formatted(name, spec);
    }

    @Test
    void anUnknownField() {
        assertThat(create(deployment("x", "replica: 3")).err())
                .isEqualTo("Error from server (BadRequest): error when creating \"STDIN\": Deployment in version \"v1\""
                        + " cannot be handled as a Deployment: strict decoding error: unknown field"
                        + " \"spec.replica\"\n");
        Result warned = kubectl.input(deployment("warned", "replica: 3"), "create", "--validate=warn", "-f", "-");
        warned.ok().says("Warning: unknown field \"spec.replica\"", "deployment.apps/warned created");
    }

    @Test
    void aWrongType() {
        assertThat(create(deployment("x", "replicas: three")).err())
                .isEqualTo("Error from server (BadRequest): error when creating \"STDIN\": Deployment in version \"v1\""
                        + " cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32\n");
    }

    @Test
    void aNameWithCapitals() {
        assertThat(create("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Big}\n")
                        .err())
                .isEqualTo("The ConfigMap \"Big\" is invalid: metadata.name: Invalid value: \"Big\": a lowercase RFC"
                        + " 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                        + " start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                        + " validation is"
                        + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n");
    }

    @Test
    void severalThingsAtOnce() {
        create(deployment("Big", "replicas: -1"))
                .says(
                        "The Deployment \"Big\" is invalid: ",
                        "* metadata.name: Invalid value",
                        "* spec.replicas: Invalid value: -1");
    }

    @Test
    void aSelectorThatDoesNotMatchItsTemplate() {
        create(deployment("x", "replicas: 1").replace("matchLabels: {a: b}", "matchLabels: {a: c}"))
                .says("The Deployment \"x\" is invalid: spec.template.metadata.labels: Invalid value:"
                        + " {\"a\":\"b\"}: `selector` does not match template `labels`");
    }

    @Test
    void aFieldThatMayNotChange() throws IOException {
        kubectl.input(deployment("fixed", "replicas: 0"), "apply", "-f", "-").ok();
        kubectl.input(deployment("fixed", "replicas: 0").replace("{a: b}", "{a: z}"), "apply", "-f", "-")
                .fails()
                .says("The Deployment \"fixed\" is invalid: spec.selector: Invalid value:", "field is immutable");
    }

    @Test
    void brokenYaml() throws IOException {
        create("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x\n").says("error parsing STDIN");
        kubectl.file("broken.json", "{\"metadata\":{\"name\":\"x\"}");
        kubectl.run("create", "--raw", "/api/v1/namespaces", "-f", "broken.json")
                .fails()
                .says("Error from server (BadRequest)");
    }

    @Test
    void anUnknownKind() {
        create("apiVersion: v1\nkind: Nothing\nmetadata: {name: x}\n")
                .says("no matches for kind \"Nothing\" in version \"v1\"");
        create("apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x}\n")
                .says("no matches for kind \"Thing\" in version \"example.com/v1\"", "ensure CRDs are installed first");
        kubectl.run("get", "things").fails().says("error: the server doesn't have a resource type \"things\"");
        kubectl.run("get", "--raw", "/apis/example.com/v1/things")
                .fails()
                .says("Error from server (NotFound): the server could not find the requested resource");
    }

    @Test
    void aBodyOfTenMegabytes() throws IOException {
        String large = "x".repeat(10 << 20);
        kubectl.file(
                "large.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: large}\ndata: {a: '" + large + "'}\n");
        Result result = kubectl.run("create", "-f", "large.yaml").fails();
        assertThat(result.err())
                .startsWith("Error from server (RequestEntityTooLarge): error when creating \"large.yaml\": ")
                .contains("Request entity too large: limit is 3145728");
        kubectl.file("some.txt", "x".repeat(2 << 20));
        kubectl.run("create", "configmap", "large", "--from-file=some.txt")
                .fails()
                .says("ConfigMap \"large\" is invalid", "Too long: may not be more than 1048576 bytes");
        kubectl.run("get", "namespaces").ok();
    }

    @Test
    void aNamespaceThatIsMissing() {
        kubectl.run("create", "configmap", "x", "-n", "missing").fails().says("namespaces \"missing\" not found");
        assertThat(kubectl.run("get", "configmaps", "-n", "missing").ok().err())
                .isEqualTo("No resources found in missing namespace.\n");
    }

    @Test
    void anOldVersion() {
        kubectl.run("create", "configmap", "old").ok();
        String json = kubectl.run("get", "configmap", "old", "-o", "json").ok().out();
        kubectl.run("label", "configmap", "old", "a=b").ok();
        kubectl.input(json, "replace", "-f", "-")
                .fails()
                .says("Error from server (Conflict): error when replacing \"STDIN\": Operation cannot be fulfilled on"
                        + " configmaps \"old\": the object has been modified; please apply your changes to the latest"
                        + " version and try again");
    }

    @Test
    void aStoppedServer() throws Exception {
        ApiServer gone = new ApiServer();
        Kubectl lost = Kubectl.in(home, gone.kubeconfig());
        gone.close();
        lost.run("get", "pods").fails().says("was refused - did you specify the right host or port?");
    }
}
