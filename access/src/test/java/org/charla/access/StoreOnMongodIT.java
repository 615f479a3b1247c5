package org.charla.access;

import java.nio.file.Path;
import org.charla.testing.Mongod;

class StoreOnMongodIT extends StoreContract {

    private Mongod mongod;

    @Override
    String startStore(Path directory) throws Exception {
        mongod = Mongod.start(directory.resolve("mongod"));
        return mongod.uri();
    }

    @Override
    void stopStore() throws Exception {
        if (mongod != null) {
            mongod.close();
        }
    }
}
