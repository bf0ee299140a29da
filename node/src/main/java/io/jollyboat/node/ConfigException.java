package io.jollyboat.node;

/** What a Pod refers to is not there or not as it must be, in the kubelet's words; it is tried again later. */
final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    ConfigException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** For a container's waiting state. */
    static ConfigException config(String message) {
        return new ConfigException("CreateContainerConfigError", message);
    }

    String reason() {
        return reason;
    }
}
