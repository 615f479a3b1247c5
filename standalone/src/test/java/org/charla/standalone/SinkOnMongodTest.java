package org.charla.standalone;

import java.nio.file.Path;

class SinkOnMongodTest extends SinkContract {

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
