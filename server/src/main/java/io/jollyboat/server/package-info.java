@NullMarked
package io.jollyboat.server;

import org.jspecify.annotations.NullMarked;
