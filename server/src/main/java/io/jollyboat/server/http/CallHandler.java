package io.jollyboat.server.http;

import java.io.IOException;

/** Answers the calls of one route; throws {@code StatusException} for what shall become a {@code Status}. */
@FunctionalInterface
interface CallHandler {
    void handle(Call call) throws IOException, InterruptedException;
}
