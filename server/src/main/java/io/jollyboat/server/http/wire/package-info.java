/** HTTP/1.1 and HTTP/2 for plain blocking code: one virtual thread per request, limits on everything, nothing of Kubernetes. */
@NullMarked
package io.jollyboat.server.http.wire;

import org.jspecify.annotations.NullMarked;
