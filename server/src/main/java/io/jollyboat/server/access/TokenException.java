package io.jollyboat.server.access;

/** Says why a token speaks for nobody, in Kubernetes' words. */
final class TokenException extends Exception {
    private static final long serialVersionUID = 1;
    private static final String UNKNOWN = "invalid bearer token";

    TokenException(String message) {
        super(message);
    }

    /** Of what is no token of ours. */
    static TokenException unknown() {
        return new TokenException(UNKNOWN);
    }

    /** As the answer to a TokenReview has it, in which two ways of reading tokens speak. */
    String told() {
        String own = String.valueOf(getMessage());
        return own.equals(UNKNOWN) ? own : "[" + UNKNOWN + ", " + own + "]";
    }
}
