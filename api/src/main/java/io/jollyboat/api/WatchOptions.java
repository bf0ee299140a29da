package io.jollyboat.api;

/**
 * How to watch, in the words of Kubernetes' query parameters.
 *
 * @param resourceVersion changes after it are sent; "" and "0" send the present objects first
 * @param bookmarks whether BOOKMARK events may come
 * @param sendInitialEvents present objects first, then a bookmark that says so, then changes (KEP-3157)
 */
public record WatchOptions(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        boolean bookmarks,
        boolean sendInitialEvents) {
    public static WatchOptions from(String resourceVersion) {
        return new WatchOptions("", "", resourceVersion, true, false);
    }
}
