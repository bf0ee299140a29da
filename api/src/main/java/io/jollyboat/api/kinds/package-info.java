/** What differs between kinds, as tables of text: selectable fields, defaults, the columns of {@code kubectl get}. */
@NullMarked
package io.jollyboat.api.kinds;

import org.jspecify.annotations.NullMarked;
