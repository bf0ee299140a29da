package io.jollyboat.api;

/**
 * How to list, in the words of Kubernetes' query parameters; "" means unset.
 *
 * @param limit 0 for no limit
 * @param resourceVersionMatch {@code ""}, {@code Exact} or {@code NotOlderThan}
 */
public record ListOptions(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        String resourceVersionMatch,
        long limit,
        String next) {
    public static final ListOptions ALL = new ListOptions("", "", "", "", 0, "");

    public static ListOptions labels(String selector) {
        return new ListOptions(selector, "", "", "", 0, "");
    }

    public static ListOptions fields(String selector) {
        return new ListOptions("", selector, "", "", 0, "");
    }
}
