@NullMarked
package io.jollyboat.images;

import org.jspecify.annotations.NullMarked;
