package io.jollyboat.store;

class MemoryStoreTest extends StoreContract {
    @Override
    Store open(int changes) {
        return new MemoryStore(new History.Limits(changes, Long.MAX_VALUE));
    }
}
