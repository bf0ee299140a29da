/** Inputs that nobody meant: seeds, mutations of them, and the door for Jazzer. */
@NullMarked
package io.jollyboat.testing.fuzz;

import org.jspecify.annotations.NullMarked;
