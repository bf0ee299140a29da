@NullMarked
package io.jollyboat.api.selectors;

import org.jspecify.annotations.NullMarked;
