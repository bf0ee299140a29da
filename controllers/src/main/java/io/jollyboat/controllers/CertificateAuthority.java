package io.jollyboat.controllers;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The cluster's own authority, as controllers use it: they publish its certificate and let it sign, and never see its key. */
public interface CertificateAuthority {
    /** Its certificate, in PEM. */
    String certificate();

    /**
     * What a request says of itself.
     *
     * @param request as {@code spec.request} of a CertificateSigningRequest has it
     */
    Asked read(String request);

    /**
     * Signs.
     *
     * @param request as for {@link #read}; it is not asked again whether it may be signed
     * @param usages in the words of {@code spec.usages}
     * @param life from now
     * @return as {@code status.certificate} has it: PEM in Base64
     */
    String sign(String request, List<String> usages, Duration life);

    /** Kinds of further names that a certificate may have. */
    enum NameKind {
        DNS,
        ADDRESS,
        MAIL,
        URI
    }

    /**
     * What somebody wants to be called.
     *
     * @param commonName "" for none
     * @param further the kinds of which it wants some
     */
    record Asked(String commonName, List<String> organizations, Set<NameKind> further) {
        public Asked {
            organizations = List.copyOf(organizations);
            further = Set.copyOf(further);
        }
    }

    /** One that has no key: nothing is signed. */
    static CertificateAuthority withoutKey(String certificate) {
        return new CertificateAuthority() {
            @Override
            public String certificate() {
                return certificate;
            }

            @Override
            public Asked read(String request) {
                throw new ControllerException("this cluster's authority has no key: it signs nothing");
            }

            @Override
            public String sign(String request, List<String> usages, Duration life) {
                throw new ControllerException("this cluster's authority has no key: it signs nothing");
            }
        };
    }
}
