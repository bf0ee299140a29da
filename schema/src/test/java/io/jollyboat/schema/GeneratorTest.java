package io.jollyboat.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    @Test
    void aMessageIsReadBackFromWhatProtocMadeOfIt() throws IOException {
        String source = """
                public interface BoatOrBuilder extends
                    // @@protoc_insertion_point(interface_extends:k8s.io.api.sea.v1.Boat)
                    com.google.protobuf.MessageOrBuilder {

                  /**
                   * <pre>
                   * Oars of &lt;wood&gt;.
                   * +listType=map
                   * +listMapKey=side
                   * </pre>
                   *
                   * <code>repeated .k8s.io.api.sea.v1.Oar oars = 3;</code>
                   */
                  java.util.List<Oar> getOarsList();
                  /**
                   * <code>map&lt;string, bytes&gt; cargo = 4;</code>
                   */
                  int getCargoCount();
                }
                /**
                 * <pre>
                 * A boat.
                 * +structType=atomic
                 * </pre>
                 *
                 * Protobuf type {@code k8s.io.api.sea.v1.Boat}
                 */
                public static final class Boat extends
                """.indent(2);
        List<Message> messages = MessageReader.read(new BufferedReader(new StringReader(source)));
        assertThat(messages).hasSize(1);
        Message boat = messages.getFirst();
        assertThat(boat.definition()).isEqualTo("io.k8s.api.sea.v1.Boat");
        assertThat(new Comment(boat.comment()).marker("structType")).contains("atomic");
        assertThat(boat.entries())
                .extracting(Message.Entry::name, Message.Entry::type, Message.Entry::number, Message.Entry::repeated)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("oars", ".k8s.io.api.sea.v1.Oar", 3, true),
                        org.assertj.core.groups.Tuple.tuple("cargo", "map<string, bytes>", 4, false));
        Comment oars = new Comment(boat.entries().getFirst().comment());
        assertThat(oars.markers("listMapKey")).containsExactly("side");
        assertThat(oars.description()).isEqualTo("Oars of <wood>.");
    }

    @Test
    void proseJoinsLinesAndKeepsIndentedOnes() {
        Comment comment = new Comment(List.of(
                "One", "paragraph.", "", "  - a", "  - b", "TODO: not this", "+optional", "The end.", "---", "hidden"));
        assertThat(comment.description()).isEqualTo("One paragraph.\n\n  - a\n  - b\nThe end.");
    }

    @Test
    void paragraphsComeBackWhereTheModelHasOneBlankMore() {
        assertThat(Paragraphs.restored("One. Two.\n  - a\n", "One.  Two.   - a"))
                .isEqualTo("One.\n\nTwo.\n  - a\n");
        assertThat(Paragraphs.restored("One.  Two.", "One.  Two.")).isEqualTo("One.  Two.");
        assertThat(Paragraphs.restored("One. Two.", "Something else.")).isEqualTo("One. Two.");
    }

    @Test
    void numbersAndNamesAreUniqueInEveryDefinition() {
        List<Definition> definitions = Generator.definitions();
        assertThat(definitions).hasSizeGreaterThan(550);
        for (Definition definition : definitions) {
            Set<Object> seen = new HashSet<>();
            for (Definition.Row row : definition.rows()) {
                assertThat(seen.add(row.name()))
                        .as(definition.name() + row.name())
                        .isTrue();
                assertThat(row.number() == 0 || seen.add(row.number()))
                        .as(definition.name() + row.number())
                        .isTrue();
            }
        }
    }
}
