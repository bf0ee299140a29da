package io.jollyboat.network.dns;

import java.util.List;

/**
 * A reply as another server sent it.
 *
 * @param truncated whether there is more by TCP
 */
record Message(int id, Question question, boolean truncated, Answer answer) {
    /** Whether this replies to that query. */
    boolean replies(int toId, Question toQuestion) {
        return id == toId && question.equals(toQuestion);
    }

    /** The SOA record that says for how long the name is missing, if it came. */
    List<ResourceRecord> starts() {
        return answer.authority().stream()
                .filter(record -> record.type() == RecordType.SOA)
                .toList();
    }
}
