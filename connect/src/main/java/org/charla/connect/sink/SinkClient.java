package org.charla.connect.sink;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.util.ConfigHelper;
import com.mongodb.kafka.connect.util.ServerApiConfig;
import com.mongodb.kafka.connect.util.SslConfigs;
import java.util.concurrent.TimeUnit;

/** The driver's client that a sink's settings ask for. */
final class SinkClient {

    private static final String PROVIDER = "provider";
    private static final int SERVER_SELECTION_SECONDS = 5;
    private static final int ANSWER_SECONDS = 30;

    /** What a kill can't take back. */
    static final WriteConcern SAFE = WriteConcern.MAJORITY.withJournal(true);

    private SinkClient() {
    }

    /** Does not wait for MongoDB. */
    static MongoClient create(MongoSinkConfig config) {
        return MongoClients.create(settings(config), ConfigHelper.getMongoDriverInformation("sink",
                config.getString(PROVIDER)));
    }

    /**
     * Without a limit a MongoDB that accepts connections but does not answer would hold the task for ever; and what a
     * mongod acknowledges before it is in its journal, a kill takes back when the offsets may be committed already.
     */
    static MongoClientSettings settings(MongoSinkConfig config) {
        ConnectionString given = config.getConnectionString();
        MongoClientSettings.Builder settings = MongoClientSettings.builder().applyConnectionString(given)
                .applyToSslSettings(ssl -> SslConfigs.setupSsl(ssl, config));
        if (given.getServerSelectionTimeout() == null) {
            settings.applyToClusterSettings(cluster ->
                    cluster.serverSelectionTimeout(SERVER_SELECTION_SECONDS, TimeUnit.SECONDS));
        }
        if (given.getSocketTimeout() == null && given.getTimeout() == null) {
            settings.applyToSocketSettings(socket -> socket.readTimeout(ANSWER_SECONDS, TimeUnit.SECONDS));
        }
        if (given.getWriteConcern() == null) {
            settings.writeConcern(SAFE);
        }
        if (config.getCustomCredentialProvider() != null) {
            settings.credential(config.getCustomCredentialProvider().getCustomCredential(config.getOriginals()));
        }
        return ServerApiConfig.setServerApi(settings, config).build();
    }
}
