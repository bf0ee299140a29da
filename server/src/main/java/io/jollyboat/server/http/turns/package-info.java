/** Whose request goes first when there are more than the server takes at once: decided by what is asked and by whom. */
@NullMarked
package io.jollyboat.server.http.turns;

import org.jspecify.annotations.NullMarked;
