@NullMarked
package io.jollyboat.api.fields;

import org.jspecify.annotations.NullMarked;
