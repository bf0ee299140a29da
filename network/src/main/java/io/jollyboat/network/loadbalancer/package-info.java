@NullMarked
package io.jollyboat.network.loadbalancer;

import org.jspecify.annotations.NullMarked;
