package io.jollyboat.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "busybox,                      docker.io,      library/busybox,   latest, busybox:latest",
        "kiamol/ch03-numbers-web:v2,   docker.io,      kiamol/ch03-numbers-web, v2, kiamol/ch03-numbers-web:v2",
        "quay.io/team/app,             quay.io,        team/app,          latest, quay.io/team/app:latest",
        "127.0.0.1:5050/app:1.0,       127.0.0.1:5050, app,               1.0,    127.0.0.1:5050/app:1.0",
        "localhost/app,                localhost,      app,               latest, localhost/app:latest",
    })
    void namesAreCompletedAsUsersExpect(String text, String registry, String repository, String tag, String shown) {
        ImageName name = ImageName.parse(text);
        assertThat(name).isEqualTo(new ImageName(registry, repository, tag));
        assertThat(name).hasToString(shown);
    }

    @Test
    void aDigestTakesThePlaceOfTheTag() {
        String digest = "sha256:" + "a".repeat(64);
        assertThat(ImageName.parse("busybox@" + digest).reference()).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Busybox", "a//b", "busybox:", "../up", "busybox@sha256:12"})
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> ImageName.parse(text)).isInstanceOf(ImageException.class);
    }
}
