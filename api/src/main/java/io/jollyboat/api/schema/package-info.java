@NullMarked
package io.jollyboat.api.schema;

import org.jspecify.annotations.NullMarked;
