/** Requests that are passed on to Pods and Services: the {@code proxy} subresource. */
@NullMarked
package io.jollyboat.server.http.proxy;

import org.jspecify.annotations.NullMarked;
