package io.jollyboat.server.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Cause;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {
    @Test
    void fieldsFollowTheTableAndElementsTheirNumbers() {
        assertThat(ordered(
                        "spec.dnsPolicy",
                        "spec.containers[10].image",
                        "spec.containers[2].image",
                        "spec.containers[2].name",
                        "metadata.name"))
                .containsExactly(
                        "metadata.name",
                        "spec.containers[2].name",
                        "spec.containers[2].image",
                        "spec.containers[10].image",
                        "spec.dnsPolicy");
    }

    @Test
    void whatTheTableDoesNotNameStaysAsItWasFound() {
        assertThat(ordered("spec.x", "spec.y.b", "spec.x", "spec.y.a", "spec.volumes"))
                .containsExactly("spec.volumes", "spec.x", "spec.y.b", "spec.x", "spec.y.a");
    }

    @Test
    void aKeyMayHaveDots() {
        assertThat(ordered("spec.nodeName", "spec.nodeSelector[a.b/c].d", "spec.nodeSelector"))
                .containsExactly("spec.nodeSelector[a.b/c].d", "spec.nodeSelector", "spec.nodeName");
    }

    @Test
    void aReasonMayHaveAPlaceOfItsOwn() {
        Cause taken = new Cause("FieldValueDuplicate", "", "spec.containers[1].name");
        Cause image = new Cause("FieldValueRequired", "", "spec.containers[1].image");
        assertThat(Order.of(pod(), List.of(taken, image))).containsExactly(image, taken);
    }

    private static List<String> ordered(String... paths) {
        List<Cause> causes = Arrays.stream(paths)
                .map(path -> new Cause("FieldValueInvalid", "", path))
                .toList();
        return Order.of(pod(), causes).stream().map(Cause::field).toList();
    }

    private static Resource pod() {
        return Resources.kind("v1", "Pod");
    }
}
