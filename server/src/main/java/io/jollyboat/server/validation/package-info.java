/** Says what is wrong with an object, in Kubernetes' words; changes nothing. */
@NullMarked
package io.jollyboat.server.validation;

import org.jspecify.annotations.NullMarked;
