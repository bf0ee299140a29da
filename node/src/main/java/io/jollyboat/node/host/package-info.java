/** The nested node: a network namespace with a containerd of its own. */
@NullMarked
package io.jollyboat.node.host;

import org.jspecify.annotations.NullMarked;
