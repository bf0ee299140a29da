@NullMarked
package io.jollyboat.node;

import org.jspecify.annotations.NullMarked;
