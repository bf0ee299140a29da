package io.jollyboat.controllers.scheduler;

/**
 * How many nodes are looked at for one Pod. On a large cluster the best of many is as good as the best of all: as
 * Kubernetes' scheduler does, the search ends when enough nodes were found that would do, and the next Pod's begins where
 * this one's ended. Source: kube-scheduler, {@code percentageOfNodesToScore} and its default.
 */
final class Sampling {
    /** Below this number of nodes all are looked at. */
    static final int FEWEST = 100;

    private static final int LARGEST_SHARE = 50;
    private static final int SMALLEST_SHARE = 5;
    private static final int NODES_TO_A_PERCENT = 125;
    private static final int ALL = 100;

    /** Of the nodes on which room could be made, this share is looked at, and at least {@link #FEWEST}. */
    private static final int OFFERS_SHARE = 10;

    private Sampling() {}

    /** After how many nodes that would do the search ends. */
    static int enough(int nodes) {
        int share = Math.max(SMALLEST_SHARE, LARGEST_SHARE - nodes / NODES_TO_A_PERCENT);
        return Math.max(FEWEST, (int) ((long) nodes * share / ALL));
    }

    /** After how many nodes on which room could be made for a Pod the search ends. */
    static int offers(int nodes) {
        return Math.max(FEWEST, nodes * OFFERS_SHARE / ALL);
    }
}
