@NullMarked
package io.jollyboat.world;

import org.jspecify.annotations.NullMarked;
