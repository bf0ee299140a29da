package io.jollyboat.api.codec;

import io.jollyboat.api.Trees;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.Parser;

/** Refuses YAML that is nested too deep, before anything that calls itself per level sees it. */
final class ShallowParser implements Parser {
    private final Parser parser;
    private int depth;

    ShallowParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event) {
            case CollectionStartEvent start -> depth++;
            case CollectionEndEvent end -> depth--;
            default -> {}
        }
        if (depth > Trees.MOST_LEVELS) {
            throw new SyntaxException("yaml: exceeded max depth of " + Trees.MOST_LEVELS);
        }
        return event;
    }
}
