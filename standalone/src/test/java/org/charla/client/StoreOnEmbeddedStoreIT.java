package org.charla.client;

import java.nio.file.Path;
import org.charla.standalone.EmbeddedStore;

class StoreOnEmbeddedStoreIT extends StoreContract {

    private EmbeddedStore server;

    @Override
    String startStore(Path directory) throws Exception {
        server = EmbeddedStore.start(directory.resolve("store"), 0, (what, cause) -> {
            throw new AssertionError(what, cause);
        });
        return server.uri();
    }

    @Override
    void stopStore() throws Exception {
        server.close();
    }
}
