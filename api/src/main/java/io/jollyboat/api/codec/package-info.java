/** Request bodies and manifests become JSON trees: JSON, YAML and Kubernetes' protobuf. */
@NullMarked
package io.jollyboat.api.codec;

import org.jspecify.annotations.NullMarked;
