package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.BsonDocument;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.Deployer;
import org.charla.embedded.ConnectWorker;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The configurations for who has MongoDB's connector and not the plugin. */
class StockConnectorsIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @Test
    void theDocumentsAreThoseOfTheContract(@TempDir Path directory) throws Exception {
        Map<String, Map.Entry<String, String>> records = Map.of(
                "chat.channel.general", Map.entry("alice:m1", """
                        {"messageId":"m1","channel":"general","author":{"userId":"alice","displayName":"Alice","x":1},
                         "text":"hola","sentAt":1763791200123,"acceptedAt":1763791200140}"""),
                "chat.channels", Map.entry("general", """
                        {"channel":"general","title":"Todo","owner":"alice","moderators":["bob"],"posting":"everyone",
                         "slowModeSeconds":0,"muted":[{"userId":"eve","until":1763794800000},{"userId":"dan"}],
                         "updatedAt":1763791200105}"""),
                "chat.users", Map.entry("alice", """
                        {"userId":"alice","displayName":"Alice","updatedAt":1763791200105}"""));
        Map<String, String> documents = Map.of(
                "chat.channel.general", """
                        {"_id": "alice:m1", "messageId": "m1", "channel": "general",
                         "author": {"userId": "alice", "displayName": "Alice"}, "text": "hola",
                         "sentAt": {"$date": {"$numberLong": "1763791200123"}},
                         "acceptedAt": {"$date": {"$numberLong": "1763791200140"}}, "offset": {"$numberLong": "0"}}""",
                "chat.channels", """
                        {"_id": "general", "channel": "general", "title": "Todo", "owner": "alice",
                         "moderators": ["bob"], "posting": "everyone", "slowModeSeconds": {"$numberLong": "0"},
                         "muted": [{"userId": "eve", "until": {"$numberLong": "1763794800000"}}, {"userId": "dan"}],
                         "updatedAt": {"$date": {"$numberLong": "1763791200105"}}}""",
                "chat.users", """
                        {"_id": "alice", "userId": "alice", "displayName": "Alice",
                         "updatedAt": {"$date": {"$numberLong": "1763791200105"}}}""");
        try (EmbeddedStore store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
                EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
                MongoClient mongodb = MongoClients.create(store.uri())) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(records.keySet().stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList())
                        .all().get();
            }
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
                records.forEach((topic, record) ->
                        producer.send(new ProducerRecord<>(topic, record.getKey(), record.getValue())));
            }
            try (ConnectWorker worker = ConnectWorker.start(Checkout.WORKER, Checkout.PLUGINS, kafka.bootstrapServers(), 0,
                    store.uri())) {
                Deployer.apply(ConnectSettings.of(worker.url().toString(), Map.of(), Map.of(), Map.of()),
                        List.of(Checkout.HOME.resolve("config/connectors-stock")), Duration.ofSeconds(30), note -> { });
                documents.forEach((collection, document) -> await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                        assertThat(mongodb.getDatabase("chat").getCollection(collection, BsonDocument.class).find())
                                .containsExactly(BsonDocument.parse(document))));
                Stream.of("channel-messages-sink", "channels-sink", "users-sink").forEach(worker::requireNotFailed);
            }
        }
    }
}
