package io.jollyboat.server.http.proxy;

import io.jollyboat.api.StatusException;
import java.util.Set;

/**
 * What stands in the path in place of a plain name: {@code name}, {@code name:port} or {@code scheme:name:port}.
 *
 * @param port its number or name, "" for the only one
 */
public record Address(String scheme, String name, String port) {
    private static final Set<String> SCHEMES = Set.of("", "http", "https");
    private static final int MOST_PARTS = 3;

    /**
     * @param kind for the message: {@code pod}, {@code service}
     * @throws StatusException BadRequest for what is none
     */
    public static Address parse(String kind, String text) {
        String[] parts = text.split(":", -1);
        Address address = switch (parts.length) {
            case 1 -> new Address("", parts[0], "");
            case 2 -> new Address("", parts[0], parts[1]);
            case MOST_PARTS -> new Address(parts[0], parts[1], parts[2]);
            default -> new Address("?", "", "");
        };
        if (!SCHEMES.contains(address.scheme) || address.name.isEmpty()) {
            throw StatusException.badRequest("invalid %s request \"%s\"".formatted(kind, text));
        }
        return address;
    }

    boolean secure() {
        return scheme.equals("https");
    }
}
