@NullMarked
package io.jollyboat.api.patch;

import org.jspecify.annotations.NullMarked;
