package io.jollyboat.client;

import java.util.List;

/** Whoever reads mirrors and works in loops. Its loops run once all that it reads is synced. */
public interface Controller {
    List<Mirror<?>> reads();

    List<Loop<?>> loops();
}
