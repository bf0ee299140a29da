/** containerd as a node sees it: its runtime interface, its events, and images of our own making. */
@NullMarked
package io.jollyboat.node.cri;

import org.jspecify.annotations.NullMarked;
