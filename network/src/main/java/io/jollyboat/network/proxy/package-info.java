@NullMarked
package io.jollyboat.network.proxy;

import org.jspecify.annotations.NullMarked;
