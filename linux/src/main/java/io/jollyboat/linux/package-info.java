@NullMarked
package io.jollyboat.linux;

import org.jspecify.annotations.NullMarked;
