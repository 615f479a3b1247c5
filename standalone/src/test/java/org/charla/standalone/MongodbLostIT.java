package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.Document;
import org.charla.testing.Checkout;
import org.charla.testing.Mongod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md says to do when MongoDB is lost, done as it is written there. */
class MongodbLostIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void theSameDocumentsAreThereAgainFromTheLog(@TempDir Path directory) throws Exception {
        try (Mongod mongod = Mongod.start(directory.resolve("mongod"));
                MongoClient client = MongoClients.create(mongod.uri());
                StandaloneProcess standalone = new StandaloneProcess(directory)) {
            standalone.start("--kafka-port", "0", "--connect-port", "0", "--mongodb-uri", mongod.uri()).awaitReady();
            talk(standalone);
            MongoDatabase database = client.getDatabase("chat");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(standalone.charla("audit").requireStatus(0).out()).containsExactly(
                    "general: equal: messages 103, changes 3, documents 103", "random: equal: messages 1, documents 1",
                    "chat.users: equal: keys 2, documents 2", "chat.channels: equal: keys 2, documents 2"));
            Map<String, List<BsonDocument>> before = documents(database);

            for (String step : steps()) {
                if (step.startsWith("mongosh ")) {
                    database.drop();
                } else if (step.endsWith(" status")) {
                    await().atMost(LIMIT).until(() -> run(standalone, step).out().stream()
                            .filter(line -> line.endsWith(", lag 0")).count() == 3);
                } else {
                    run(standalone, step).requireStatus(0);
                }
            }

            assertThat(documents(database)).isEqualTo(before);
            assertThat(run(standalone, steps().get(steps().size() - 1)).out()).contains(
                    "general: equal: messages 103, changes 3, documents 103");
            for (String collection : List.of("chat.channel.general", "chat.channel.random")) {
                assertThat(database.getCollection(collection).listIndexes()).anyMatch(index ->
                        index.get("key").equals(new Document("offset", 1)));
            }
        }
    }

    private static void talk(StandaloneProcess standalone) throws Exception {
        standalone.charla("send", "general", "hola", "--user", "ada", "--wait").requireStatus(0);
        standalone.charla("send", "general", "que tal", "--user", "bob", "--wait").requireStatus(0);
        standalone.charla("send", "general", "spam", "--user", "bob", "--wait").requireStatus(0);
        standalone.charla("send", "random", "hola", "--user", "ada", "--wait").requireStatus(0);
        await().atMost(LIMIT).until(() -> standalone.charla("history", "general").out().size() == 3);
        standalone.charla("edit", "general", "0", "hola a todos", "--user", "ada", "--wait").requireStatus(0);
        List<String> positions = standalone.charla("history", "general", "--json").out().stream()
                .map(line -> line.replaceAll(".*\"position\":(\\d+).*", "$1")).toList();
        standalone.charla("react", "general", positions.get(1), "👍", "--user", "ada", "--wait").requireStatus(0);
        standalone.charla("delete", "general", positions.get(2), "--user", "bob", "--wait").requireStatus(0);
        standalone.shell("seq 100 | $charla send general --user ada --wait").requireStatus(0);
    }

    /** What is typed there. */
    private static List<String> steps() throws Exception {
        String operations = Files.readString(Checkout.HOME.resolve("docs/operations.md"));
        String block = operations.substring(operations.indexOf("### MongoDB lost")).split("```", 3)[1];
        List<String> steps = Arrays.stream(block.split("\n")).filter(line -> line.startsWith("$ "))
                .map(line -> line.substring(2)).toList();
        assertThat(steps).hasSize(6);
        return steps;
    }

    private static StandaloneProcess.Ended run(StandaloneProcess standalone, String step) throws Exception {
        return standalone.shell("cd \"${charla%/*}\" && CHARLA_CONNECT_URL=" + standalone.connectUrl() + " && export"
                + " CHARLA_CONNECT_URL && " + step);
    }

    private static Map<String, List<BsonDocument>> documents(MongoDatabase database) {
        Map<String, List<BsonDocument>> documents = new TreeMap<>();
        for (String collection : database.listCollectionNames()) {
            documents.put(collection, database.getCollection(collection, BsonDocument.class).find()
                    .sort(new Document("_id", 1)).into(new ArrayList<>()));
        }
        return documents;
    }
}
