package io.jollyboat.node.cri;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/** containerd's refusal, worded as the kubelet words it: {@code rpc error: code = NotFound desc = …}. */
public final class CriException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status.Code code;
    private final String description;
    private final String words;

    CriException(StatusRuntimeException cause) {
        super(words(cause.getStatus()), cause);
        this.words = words(cause.getStatus());
        this.code = cause.getStatus().getCode();
        this.description = description(cause.getStatus());
    }

    @Override
    public String getMessage() {
        return words;
    }

    /** containerd's own words. */
    public String description() {
        return description;
    }

    /** Whether what was named does not exist. */
    public boolean notFound() {
        return code == Status.Code.NOT_FOUND;
    }

    /** Whether containerd could not be reached, or went away during the call. */
    public boolean unavailable() {
        boolean cut = getCause() != null && getCause().getCause() instanceof ClosedChannelException;
        return code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED || cut;
    }

    /** Whether containerd runs without its runtime interface: something in its configuration or machine is amiss. */
    public boolean unimplemented() {
        return code == Status.Code.UNIMPLEMENTED;
    }

    /** Whether the call took longer than it may. */
    public boolean deadlineExceeded() {
        return code == Status.Code.DEADLINE_EXCEEDED;
    }

    private static String words(Status status) {
        return "rpc error: code = " + camelCase(status.getCode().name()) + " desc = " + description(status);
    }

    private static String description(Status status) {
        String text = status.getDescription();
        return text == null ? "" : text;
    }

    /** {@code NOT_FOUND} becomes {@code NotFound}. */
    private static String camelCase(String name) {
        var text = new StringBuilder();
        for (String word : name.split("_")) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }
}
