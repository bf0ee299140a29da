@NullMarked
package io.jollyboat.network.dns;

import org.jspecify.annotations.NullMarked;
