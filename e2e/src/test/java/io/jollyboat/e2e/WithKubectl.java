package io.jollyboat.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** An API server alone, and stock kubectl as its administrator has it, for the tests of one class. */
abstract class WithKubectl {
    @TempDir
    static Path home;

    static ApiServer server;
    static Kubectl kubectl;

    @BeforeAll
    static void start() throws IOException {
        server = new ApiServer();
        kubectl = Kubectl.in(home, server.kubeconfig());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }
}
