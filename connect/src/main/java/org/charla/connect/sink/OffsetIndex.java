package org.charla.connect.sink;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Indexes;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.util.ServerApiConfig;
import com.mongodb.kafka.connect.util.SslConfigs;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Makes the index by which a channel is read, once for each collection. Not safe for use by several threads. */
final class OffsetIndex implements AutoCloseable {

    private static final int INDEX_OPTIONS_CONFLICT = 85;
    private static final int INDEX_KEY_SPECS_CONFLICT = 86;

    private final MongoSinkConfig config;
    private final MongoClient client;
    private final Set<String> done = new HashSet<>();

    /** Does not wait for MongoDB. */
    OffsetIndex(MongoSinkConfig config) {
        this.config = config;
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyConnectionString(config.getConnectionString())
                .applyToSslSettings(ssl -> SslConfigs.setupSsl(ssl, config));
        if (config.getCustomCredentialProvider() != null) {
            settings.credential(config.getCustomCredentialProvider().getCustomCredential(config.getOriginals()));
        }
        client = MongoClients.create(ServerApiConfig.setServerApi(settings, config).build());
    }

    /** Returns when the topic's collection has its index; only the first time does that ask MongoDB. */
    void ensure(String topic) {
        if (done.contains(topic)) {
            return;
        }
        String collection = setting(topic, MongoSinkTopicConfig.COLLECTION_CONFIG);
        try {
            client.getDatabase(setting(topic, MongoSinkTopicConfig.DATABASE_CONFIG))
                    .getCollection(collection.isEmpty() ? topic : collection)
                    .createIndex(Indexes.ascending("offset"));
        } catch (MongoCommandException e) {
            // Somebody made one with another name or other options: it serves as well.
            if (e.getErrorCode() != INDEX_OPTIONS_CONFLICT && e.getErrorCode() != INDEX_KEY_SPECS_CONFLICT) {
                throw e;
            }
        }
        done.add(topic);
    }

    /** Read here, since the connector's own configuration of a topic takes long to make, and logs itself. */
    private String setting(String topic, String name) {
        Map<String, String> all = config.getOriginals();
        return all.getOrDefault(MongoSinkConfig.TOPIC_OVERRIDE_CONFIG.formatted(topic, name),
                all.getOrDefault(name, ""));
    }

    @Override
    public void close() {
        client.close();
    }
}
