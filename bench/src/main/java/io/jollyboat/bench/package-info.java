@NullMarked
package io.jollyboat.bench;

import org.jspecify.annotations.NullMarked;
