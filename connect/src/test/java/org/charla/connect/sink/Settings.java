package org.charla.connect.sink;

import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.sink.processor.id.strategy.ProvidedInKeyStrategy;
import com.mongodb.kafka.connect.sink.writemodel.strategy.ReplaceOneDefaultStrategy;
import java.util.HashMap;
import java.util.Map;

/** What the connectors' files say, as far as it is of the sink's concern. */
final class Settings {

    static final String CHANNEL = "chat.channel.general";
    static final String USERS = "chat.users";

    private Settings() {
    }

    static MongoSinkConfig channels(String... more) {
        return config(Map.of("topics.regex", "chat\\.channel\\..*", "bulk.write.ordered", "false",
                "writemodel.strategy", FirstWriteWins.class.getName()), more);
    }

    static MongoSinkConfig users(String... more) {
        return config(Map.of("topics", USERS, "writemodel.strategy", ReplaceOneDefaultStrategy.class.getName(),
                "document.id.strategy", ProvidedInKeyStrategy.class.getName(),
                "document.id.strategy.overwrite.existing", "true", "delete.on.null.values", "true",
                "bulk.write.ordered", "true"), more);
    }

    private static MongoSinkConfig config(Map<String, String> settings, String... more) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("name", "sink");
        all.put("connection.uri", "mongodb://127.0.0.1");
        all.put("database", "chat");
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return new MongoSinkConfig(all);
    }
}
