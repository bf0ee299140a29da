package io.jollyboat.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Policy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ProtobufTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void zerosOfPlainFieldsGoAndThoseOfPointersStay() {
        var container = V1.Container.newBuilder()
                .setName("c")
                .setImage("")
                .setTty(false)
                .addPorts(V1.ContainerPort.newBuilder().setContainerPort(80).setHostPort(0))
                .setResources(V1.ResourceRequirements.newBuilder()
                        .putLimits(
                                "cpu",
                                io.kubernetes.client.proto.Resource.Quantity.newBuilder()
                                        .setString("500m")
                                        .build()))
                .setLivenessProbe(V1.Probe.newBuilder()
                        .setHandler(V1.ProbeHandler.newBuilder()
                                .setHttpGet(V1.HTTPGetAction.newBuilder()
                                        .setPort(IntStr.IntOrString.newBuilder()
                                                .setType(1)
                                                .setStrVal("http")))));
        var deployment = V1Apps.Deployment.newBuilder()
                .setMetadata(Meta.ObjectMeta.newBuilder()
                        .setName("d")
                        .setGenerateName("")
                        .setCreationTimestamp(Meta.Time.getDefaultInstance())
                        .setGeneration(0)
                        .putLabels("a", "b")
                        .putLabels("empty", ""))
                .setSpec(V1Apps.DeploymentSpec.newBuilder()
                        .setReplicas(0)
                        .setPaused(false)
                        .setStrategy(V1Apps.DeploymentStrategy.newBuilder()
                                .setRollingUpdate(V1Apps.RollingUpdateDeployment.newBuilder()
                                        .setMaxSurge(
                                                IntStr.IntOrString.newBuilder().setIntVal(1))))
                        .setTemplate(V1.PodTemplateSpec.newBuilder()
                                .setMetadata(Meta.ObjectMeta.getDefaultInstance())
                                .setSpec(V1.PodSpec.newBuilder()
                                        .setHostNetwork(false)
                                        .setTerminationGracePeriodSeconds(1L << 40)
                                        .addContainers(container))))
                .setStatus(V1Apps.DeploymentStatus.getDefaultInstance())
                .build();
        assertJson("""
                {"apiVersion":"apps/v1","kind":"Deployment",
                 "metadata":{"name":"d","labels":{"a":"b","empty":""}},
                 "spec":{"replicas":0,"strategy":{"rollingUpdate":{"maxSurge":1}},
                  "template":{"metadata":{},"spec":{"terminationGracePeriodSeconds":1099511627776,
                   "containers":[{"name":"c","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"500m"}},
                    "livenessProbe":{"httpGet":{"port":"http"}}}]}}},
                 "status":{}}""", "apps/v1", "Deployment", deployment);
    }

    @Test
    void bytesAreBase64AndTimesAreTexts() {
        var secret = V1.Secret.newBuilder()
                .setMetadata(Meta.ObjectMeta.newBuilder()
                        .setCreationTimestamp(Meta.Time.newBuilder().setSeconds(1_700_000_000))
                        .addManagedFields(Meta.ManagedFieldsEntry.newBuilder()
                                .setFieldsV1(Meta.FieldsV1.newBuilder().setRaw(bytes("{\"f:data\":{}}")))))
                .putData("k", ByteString.copyFrom(new byte[] {0, -1}))
                .setImmutable(false)
                .build();
        assertJson("""
                {"apiVersion":"v1","kind":"Secret","data":{"k":"AP8="},"immutable":false,
                 "metadata":{"creationTimestamp":"2023-11-14T22:13:20Z","managedFields":[{"fieldsV1":{"f:data":{}}}]}}""", "v1", "Secret", secret);
    }

    @Test
    void whatIsEncodedIsReadByOthersAndByUs() throws IOException {
        String pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"},
                  "creationTimestamp":"2023-11-14T22:13:20Z",
                  "managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},
                 "spec":{"volumes":[{"name":"v","emptyDir":{}}],"terminationGracePeriodSeconds":1099511627776,
                  "containers":[{"name":"c","args":["x","y"],"resources":{"limits":{"cpu":"500m"}},
                   "livenessProbe":{"httpGet":{"port":"http"}},"readinessProbe":{"tcpSocket":{"port":-1}}}]},
                 "status":{"phase":"Running"}}""";
        ObjectNode tree = (ObjectNode) JSON.readTree(pod);
        byte[] encoded = Protobuf.encode(tree).orElseThrow();
        assertThat(Format.PROTOBUF.decode(encoded, "Pod").object()).isEqualTo(tree);
        Runtime.Unknown unknown = Runtime.Unknown.parseFrom(Arrays.copyOfRange(encoded, 4, encoded.length));
        V1.Pod theirs = V1.Pod.parseFrom(unknown.getRaw());
        assertThat(theirs.getMetadata().getCreationTimestamp().getSeconds()).isEqualTo(1_700_000_000);
        assertThat(theirs.getSpec()
                        .getContainers(0)
                        .getReadinessProbe()
                        .getHandler()
                        .getTcpSocket()
                        .getPort()
                        .getIntVal())
                .isEqualTo(-1);
        assertThat(theirs.getSpec().getVolumes(0).getVolumeSource().hasEmptyDir())
                .isTrue();
        assertThat(Protobuf.encode((ObjectNode) JSON.readTree("{\"apiVersion\":\"x/v1\",\"kind\":\"Own\"}")))
                .isEmpty();
        assertThat(Protobuf.encode(
                        (ObjectNode) JSON.readTree("{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"code\":410}")))
                .isPresent();
    }

    @Test
    void aListInPiecesIsTheSameAsTheWhole() {
        for (int number : new int[] {0, 1, 300}) {
            ObjectNode head = (ObjectNode) JSON.readTree(
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"7\"}}");
            ObjectNode whole = head.deepCopy();
            List<byte[]> messages = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                ObjectNode map =
                        (ObjectNode) JSON.readTree("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
                                + "\"name\":\"m" + i + "\"},\"data\":{\"k\":\"" + "x".repeat(i) + "\"}}");
                whole.withArrayProperty("items").add(map);
                messages.add(Protobuf.message(map).orElseThrow());
            }
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            pieces.writeBytes(Protobuf.listStart(head, messages).orElseThrow());
            for (byte[] message : messages) {
                pieces.writeBytes(Protobuf.itemStart(message));
                pieces.writeBytes(message);
            }
            pieces.writeBytes(Protobuf.listEnd());
            assertThat(pieces.toByteArray()).isEqualTo(Protobuf.encode(whole).orElseThrow());
        }
    }

    @Test
    void microTimesHaveSixDigits() {
        var event = V1.Event.newBuilder()
                .setEventTime(Meta.MicroTime.newBuilder().setSeconds(1).setNanos(5_000))
                .build();
        assertJson(
                "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"eventTime\":\"1970-01-01T00:00:01.000005Z\"}",
                "v1",
                "Event",
                event);
    }

    @Test
    void optionsOfDeletingAreKnownInEveryGroup() {
        var options = Meta.DeleteOptions.newBuilder()
                .setGracePeriodSeconds(0)
                .setPropagationPolicy("Foreground")
                .setPreconditions(Meta.Preconditions.newBuilder().setUid("u"))
                .addDryRun("All")
                .build();
        assertJson("""
                {"apiVersion":"apps/v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Foreground",
                 "preconditions":{"uid":"u"},"dryRun":["All"]}""", "apps/v1", "DeleteOptions", options);
        assertJson(
                """
                {"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"},"deleteOptions":{"gracePeriodSeconds":0,
                 "propagationPolicy":"Foreground","preconditions":{"uid":"u"},"dryRun":["All"]}}""",
                "policy/v1",
                "Eviction",
                V1Policy.Eviction.newBuilder()
                        .setMetadata(Meta.ObjectMeta.newBuilder().setName("p"))
                        .setDeleteOptions(options)
                        .build());
    }

    @Test
    void embeddedObjectsAndListsOfTexts() {
        var revision = V1Apps.ControllerRevision.newBuilder()
                .setData(Runtime.RawExtension.newBuilder().setRaw(bytes("{\"spec\":[1,2.5]}")))
                .setRevision(0)
                .build();
        assertJson(
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"ControllerRevision\",\"data\":{\"spec\":[1,2.5]},\"revision\":0}",
                "apps/v1",
                "ControllerRevision",
                revision);
        var review = V1Authentication.TokenReview.newBuilder()
                .setStatus(V1Authentication.TokenReviewStatus.newBuilder()
                        .setUser(V1Authentication.UserInfo.newBuilder()
                                .putExtra(
                                        "k",
                                        V1Authentication.ExtraValue.newBuilder()
                                                .addItems("v")
                                                .build())))
                .build();
        assertJson("""
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"user":{"extra":{"k":["v"]}}}}""", "authentication.k8s.io/v1", "TokenReview", review);
    }

    @Test
    void schemasOfCustomResources() {
        var schema = V1Apiextensions.JSONSchemaProps.newBuilder()
                .setRef("#/x")
                .setXKubernetesPreserveUnknownFields(true)
                .setDefault(V1Apiextensions.JSON.newBuilder().setRaw(bytes("null")))
                .setExample(V1Apiextensions.JSON.newBuilder().setRaw(bytes("[true]")))
                .setMaximum(0)
                .setAdditionalProperties(
                        V1Apiextensions.JSONSchemaPropsOrBool.newBuilder().setAllows(true))
                .setItems(V1Apiextensions.JSONSchemaPropsOrArray.newBuilder()
                        .setSchema(V1Apiextensions.JSONSchemaProps.newBuilder().setType("string")))
                .build();
        var kind = V1Apiextensions.CustomResourceDefinition.newBuilder()
                .setSpec(V1Apiextensions.CustomResourceDefinitionSpec.newBuilder()
                        .addVersions(V1Apiextensions.CustomResourceDefinitionVersion.newBuilder()
                                .setName("v1")
                                .setServed(false)
                                .setStorage(true)
                                .setSchema(V1Apiextensions.CustomResourceValidation.newBuilder()
                                        .setOpenAPIV3Schema(schema))))
                .build();
        assertJson("""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"versions":[
                 {"name":"v1","served":false,"storage":true,"schema":{"openAPIV3Schema":{"$ref":"#/x","maximum":0.0,
                  "x-kubernetes-preserve-unknown-fields":true,"example":[true],
                  "additionalProperties":true,"items":{"type":"string"}}}}]}}""", "apiextensions.k8s.io/v1", "CustomResourceDefinition", kind);
    }

    @Test
    void brokenBytesAreBadRequests() throws IOException {
        byte[] good = envelope(
                "v1",
                "Pod",
                V1.Pod.newBuilder()
                        .setMetadata(Meta.ObjectMeta.newBuilder().setName("some-name"))
                        .build());
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            try {
                Format.PROTOBUF.decode(cut, "Pod");
            } catch (io.jollyboat.api.StatusException e) {
                assertThat(e.failure().reason().code()).isEqualTo(400);
            }
        }
        assertThatThrownBy(() -> Format.PROTOBUF.decode("hello".getBytes(StandardCharsets.UTF_8), "Pod"))
                .hasMessage("the object provided is unrecognized (must be of type Pod): provided data does not appear "
                        + "to be a protobuf message, expected prefix [107 56 115 0] (68656c6c6f)");
        byte[] wrong = envelope("v1", "Boat", V1.Pod.getDefaultInstance());
        assertThatThrownBy(() -> Format.PROTOBUF.decode(wrong, "Pod"))
                .hasMessage("no kind \"Boat\" is registered for version \"v1\"");
    }

    private static void assertJson(String json, String apiVersion, String kind, Message message) {
        try {
            Decoded decoded = Format.PROTOBUF.decode(envelope(apiVersion, kind, message), kind);
            assertThat(decoded.object()).isEqualTo(JSON.readTree(json));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] envelope(String apiVersion, String kind, Message message) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {'k', '8', 's', 0});
        Runtime.Unknown.newBuilder()
                .setTypeMeta(
                        Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
                .setRaw(message.toByteString())
                .build()
                .writeTo(out);
        return out.toByteArray();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
