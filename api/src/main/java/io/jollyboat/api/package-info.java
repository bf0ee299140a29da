@NullMarked
package io.jollyboat.api;

import org.jspecify.annotations.NullMarked;
