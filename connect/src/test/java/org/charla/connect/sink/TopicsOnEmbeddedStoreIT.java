package org.charla.connect.sink;

import java.nio.file.Path;
import org.charla.embedded.EmbeddedStore;

class TopicsOnEmbeddedStoreIT extends TopicsContract {

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
