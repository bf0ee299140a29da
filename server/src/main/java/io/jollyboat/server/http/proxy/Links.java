package io.jollyboat.server.http.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns where a Pod's answer points to itself into where the client finds that through the API server.
 *
 * @param prefix the path up to and with {@code /proxy}
 * @param host by which the client asked
 */
record Links(String prefix, String host) {
    /** A tag's attribute that holds an address, with its quotation mark and value. */
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "(?i)(<[a-z][^<>]*?\\s(?:href|src|action|formaction|cite|background|poster|data|codebase|manifest|longdesc)"
                    + "\\s*=\\s*)([\"'])(.*?)\\2");

    /** A header {@code Location}, or the value of a link: paths from the root on get the prefix, others stay. */
    String rewritten(String address) {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            return address;
        }
        String path = uri.getRawPath();
        boolean elsewhere =
                uri.getRawAuthority() != null && !uri.getRawAuthority().equals(host);
        if (elsewhere || path == null || !path.startsWith("/")) {
            return address;
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String fragment = uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment();
        return (path.startsWith(prefix) ? path : prefix + path) + query + fragment;
    }

    /** A page with its links rewritten. */
    String page(String html) {
        StringBuilder page = new StringBuilder();
        Matcher links = ATTRIBUTE.matcher(html);
        while (links.find()) {
            String quote = links.group(2);
            links.appendReplacement(
                    page, Matcher.quoteReplacement(links.group(1) + quote + rewritten(links.group(3)) + quote));
        }
        return links.appendTail(page).toString();
    }
}
