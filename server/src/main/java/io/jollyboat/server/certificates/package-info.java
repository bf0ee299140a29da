/** Requests for certificates (PKCS#10), as CertificateSigningRequests carry them. */
@NullMarked
package io.jollyboat.server.certificates;

import org.jspecify.annotations.NullMarked;
