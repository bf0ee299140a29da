@NullMarked
package io.jollyboat.testing;

import org.jspecify.annotations.NullMarked;
