/** The OpenAPI documents: made from the catalogue of kinds and the schema table when somebody asks. */
@NullMarked
package io.jollyboat.api.openapi;

import org.jspecify.annotations.NullMarked;
