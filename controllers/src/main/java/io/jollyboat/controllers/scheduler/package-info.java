@NullMarked
package io.jollyboat.controllers.scheduler;

import org.jspecify.annotations.NullMarked;
