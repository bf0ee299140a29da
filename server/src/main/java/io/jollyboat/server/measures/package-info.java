/** Numbers for dashboards, in Prometheus' terms. */
@NullMarked
package io.jollyboat.server.measures;

import org.jspecify.annotations.NullMarked;
