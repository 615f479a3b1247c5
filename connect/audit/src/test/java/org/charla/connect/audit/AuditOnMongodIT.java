package org.charla.connect.audit;

import java.nio.file.Path;
import org.charla.testing.Mongod;

class AuditOnMongodIT extends AuditContract {

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
