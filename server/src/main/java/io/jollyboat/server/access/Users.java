package io.jollyboat.server.access;

import io.jollyboat.server.User;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Users as the ways in give them: a certificate's subject, a service account. */
final class Users {
    static final String AUTHENTICATED = "system:authenticated";
    private static final String ACCOUNTS = "system:serviceaccounts";

    private Users() {}

    /** The common name is the user, each organisation a group. Empty for a subject without a common name. */
    static Optional<User> of(X509Certificate certificate) {
        Subject subject = Subject.of(certificate.getSubjectX500Principal().getEncoded());
        Set<String> groups = new LinkedHashSet<>(subject.organizations());
        groups.add(AUTHENTICATED);
        return subject.commonNames().isEmpty()
                ? Optional.empty()
                : Optional.of(new User(subject.commonNames().getLast(), "", groups, Map.of()));
    }

    static User serviceAccount(String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new User(
                "system:serviceaccount:" + namespace + ":" + name,
                uid,
                new LinkedHashSet<>(List.of(ACCOUNTS, ACCOUNTS + ":" + namespace, AUTHENTICATED)),
                extra);
    }
}
