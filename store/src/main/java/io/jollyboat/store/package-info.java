@NullMarked
package io.jollyboat.store;

import org.jspecify.annotations.NullMarked;
