package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** How a command ended. */
record Result(String command, int status, String out, String err) {
    Result ok() {
        assertThat(status).as("%s\n%s%s", command, out, err).isZero();
        return this;
    }

    Result fails() {
        assertThat(status).as("%s\n%s%s", command, out, err).isNotZero();
        return this;
    }

    Result says(String... texts) {
        assertThat(out + err).as(command).contains(texts);
        return this;
    }

    /** What was printed, without line ends around it. */
    String text() {
        return out.strip();
    }
}
