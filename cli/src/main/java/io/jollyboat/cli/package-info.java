@NullMarked
package io.jollyboat.cli;

import org.jspecify.annotations.NullMarked;
