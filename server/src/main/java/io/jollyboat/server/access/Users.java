package io.jollyboat.server.access;

import io.jollyboat.server.User;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Users as the ways in give them: a certificate's subject, a service account. */
final class Users {
    static final String AUTHENTICATED = "system:authenticated";
    private static final String ACCOUNTS = "system:serviceaccounts";

    private Users() {}

    /** The common name is the user, each organisation a group. Empty for a subject without a common name. */
    static Optional<User> of(X509Certificate certificate) {
        try {
            List<String> names = new ArrayList<>();
            Set<String> groups = new HashSet<>(Set.of(AUTHENTICATED));
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(part.getValue().toString());
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(part.getValue().toString());
                }
            }
            return names.stream().findFirst().map(name -> new User(name, "", groups, Map.of()));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    static User serviceAccount(String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new User(
                "system:serviceaccount:" + namespace + ":" + name,
                uid,
                Set.of(ACCOUNTS, ACCOUNTS + ":" + namespace, AUTHENTICATED),
                extra);
    }
}
