/** The HTTP face of the server: Kubernetes' paths, bodies and streams on one side, {@code Api} and {@code Streams} on the other. */
@NullMarked
package io.jollyboat.server.http;

import org.jspecify.annotations.NullMarked;
