package io.jollyboat.api.openapi;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the few forms of proto files that the tests need, so that protobuf's own library can read messages by them. */
final class ProtoText {
    private static final Pattern MESSAGE =
            Pattern.compile("message (\\w+) \\{(.*?)\\}(?=\\s*(?:message|\\z))", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("(repeated )?(\\w+) (\\w+) = (\\d+);");

    private ProtoText() {}

    /** The message {@code Document} of a file beside the tests. */
    static Descriptor document(String file) {
        FileDescriptorProto.Builder made =
                FileDescriptorProto.newBuilder().setName(file).setSyntax("proto3");
        for (Matcher message = MESSAGE.matcher(text(file)); message.find(); ) {
            made.addMessageType(message(message.group(1), message.group(2)));
        }
        try {
            return FileDescriptor.buildFrom(made.build(), new FileDescriptor[0]).findMessageTypeByName("Document");
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static DescriptorProto message(String name, String body) {
        DescriptorProto.Builder made = DescriptorProto.newBuilder().setName(name);
        boolean choice = body.contains("oneof oneof {");
        if (choice) {
            made.addOneofDeclBuilder().setName("oneof");
        }
        for (Matcher field = FIELD.matcher(body); field.find(); ) {
            FieldDescriptorProto.Builder one = made.addFieldBuilder()
                    .setName(field.group(3))
                    .setNumber(Integer.parseInt(field.group(4)))
                    .setLabel(field.group(1) == null ? Label.LABEL_OPTIONAL : Label.LABEL_REPEATED);
            switch (field.group(2)) {
                case "string" -> one.setType(Type.TYPE_STRING);
                case "bool" -> one.setType(Type.TYPE_BOOL);
                case "double" -> one.setType(Type.TYPE_DOUBLE);
                default -> one.setTypeName(field.group(2));
            }
            if (choice) {
                one.setOneofIndex(0);
            }
        }
        return made.build();
    }

    private static String text(String file) {
        try (InputStream in = ProtoText.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
