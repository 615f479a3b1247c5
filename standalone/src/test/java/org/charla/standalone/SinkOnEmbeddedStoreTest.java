package org.charla.standalone;

import java.nio.file.Path;

class SinkOnEmbeddedStoreTest extends SinkContract {

    private EmbeddedStore store;

    @Override
    String startMongodb(Path directory) {
        store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        return store.uri();
    }

    @Override
    void stopMongodb() {
        if (store != null) {
            store.close();
        }
    }
}
