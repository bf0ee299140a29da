@NullMarked
package io.jollyboat.client;

import org.jspecify.annotations.NullMarked;
