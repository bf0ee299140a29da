@NullMarked
package io.jollyboat.cluster;

import org.jspecify.annotations.NullMarked;
