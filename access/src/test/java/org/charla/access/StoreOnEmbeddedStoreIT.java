package org.charla.access;

import java.nio.file.Path;
import org.charla.embedded.EmbeddedStore;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoreOnEmbeddedStoreIT extends StoreContract {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedStore server;

    @Override
    String startStore(Path directory) throws Exception {
        server = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        return server.uri();
    }

    @Override
    void stopStore() throws Exception {
        server.close();
    }
}
