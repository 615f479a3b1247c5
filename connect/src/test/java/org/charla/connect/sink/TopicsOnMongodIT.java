package org.charla.connect.sink;

import java.nio.file.Path;
import org.charla.testing.Mongod;

class TopicsOnMongodIT extends TopicsContract {

    private Mongod mongod;

    @Override
    String startMongodb(Path directory) throws Exception {
        mongod = Mongod.start(directory.resolve("mongod"));
        return mongod.uri();
    }

    @Override
    void stopMongodb() throws Exception {
        if (mongod != null) {
            mongod.close();
        }
    }
}
