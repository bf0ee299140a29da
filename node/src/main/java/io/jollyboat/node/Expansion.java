package io.jollyboat.node;

import java.util.Map;

/** {@code $(NAME)} in commands, arguments and variables; {@code $$} stands for a dollar, unknown names stay as written. */
final class Expansion {
    private Expansion() {}

    static String expand(String text, Map<String, String> variables) {
        var out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                out.append(c);
                at++;
                continue;
            }
            int end = text.charAt(at + 1) == '(' ? text.indexOf(')', at) : -1;
            if (text.charAt(at + 1) == '$') {
                out.append('$');
                at += 2;
            } else if (end > 0) {
                String name = text.substring(at + 2, end);
                out.append(variables.getOrDefault(name, "$(" + name + ")"));
                at = end + 1;
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }
}
