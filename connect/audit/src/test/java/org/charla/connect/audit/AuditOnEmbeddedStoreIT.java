package org.charla.connect.audit;

import java.nio.file.Path;
import org.charla.embedded.EmbeddedStore;

class AuditOnEmbeddedStoreIT extends AuditContract {

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
