/** The streaming protocols of Kubernetes' clients: WebSocket channels and SPDY/3.1, over a connection that was HTTP. */
@NullMarked
package io.jollyboat.server.http.streaming;

import org.jspecify.annotations.NullMarked;
