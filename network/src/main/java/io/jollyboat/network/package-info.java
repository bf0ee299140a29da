@NullMarked
package io.jollyboat.network;

import org.jspecify.annotations.NullMarked;
