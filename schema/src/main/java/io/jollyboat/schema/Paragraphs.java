package io.jollyboat.schema;

/**
 * Gives a description its paragraphs back. Protoc leaves out empty lines of comments but keeps single line ends; the
 * client's models turn every line end into a space but keep two of them for an empty line. So where a model has one
 * blank more than the comment, an empty line was.
 */
final class Paragraphs {
    private final String comment;
    private final String model;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private int other;

    private Paragraphs(String comment, String model) {
        this.comment = comment;
        this.model = model;
    }

    /** The comment's text with the model's paragraphs; as it is where the two say different things. */
    static String restored(String comment, String model) {
        Paragraphs paragraphs = new Paragraphs(comment, model);
        return paragraphs.walk() ? paragraphs.text.toString() : comment;
    }

    private boolean walk() {
        while (at < comment.length()) {
            int blanks = blanks(comment, at);
            int modelBlanks = blanks(model, other);
            if (blanks > 0 || modelBlanks > 0) {
                join(comment.substring(at, at + blanks), modelBlanks);
                at += blanks;
                other += modelBlanks;
            } else if (other < model.length() && comment.charAt(at) == model.charAt(other)) {
                text.append(comment.charAt(at));
                at++;
                other++;
            } else {
                return false;
            }
        }
        return other + blanks(model, other) == model.length();
    }

    private void join(String between, int modelBlanks) {
        if (modelBlanks == between.length() + 1 && !between.isEmpty()) {
            text.append(between.equals(" ") ? "\n" : between.substring(0, 1))
                    .append('\n')
                    .append(between.substring(1));
        } else {
            text.append(between);
        }
    }

    private static int blanks(String text, int from) {
        int to = from;
        while (to < text.length() && Character.isWhitespace(text.charAt(to))) {
            to++;
        }
        return to - from;
    }
}
