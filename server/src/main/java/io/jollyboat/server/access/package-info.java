/** Who is there, and who may do what. */
@NullMarked
package io.jollyboat.server.access;

import org.jspecify.annotations.NullMarked;
