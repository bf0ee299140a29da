/** What objects take of what ResourceQuotas limit: the one reckoning that admission and the status of quotas share. */
@NullMarked
package io.jollyboat.api.quota;

import org.jspecify.annotations.NullMarked;
