/**
 * Says what is wrong with an object, in Kubernetes' words; changes nothing.
 *
 * <p>Read it in this order: {@code Validation} is the way in and lists who is asked of which kind; {@code Place} is a
 * value with its path, at which things are found wrong; {@code rules.txt}, {@code immutable.txt} and {@code names.txt}
 * are the simple rules; {@code Values} the shapes of single values; then a class of checks per subject. A new rule is a
 * row where a row can say it, else a line in the class of its subject, and a case in {@code creations.cases} or
 * {@code changes.cases}.
 */
@NullMarked
package io.jollyboat.server.validation;

import org.jspecify.annotations.NullMarked;
