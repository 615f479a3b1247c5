package org.charla.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreKilledIT {

    private static final int KILLS = 20;
    private static final int BATCH = 100;

    @TempDir
    Path directory;

    @Test
    void keepsWhatItAcknowledgedExactlyOnceHoweverOftenItIsKilledUnderLoad() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = process();
            try (MongoClient client = MongoClients.create(uri(process))) {
                MongoCollection<Document> messages = messages(client);
                requireComplete(messages, acknowledged.get());
                // By what it did instead of by the clock, so that a busy machine gets as far.
                int enough = acknowledged.get() + random.nextInt(20) * BATCH / 2;
                Thread killer = new Thread(() -> {
                    try {
                        do {
                            process.waitFor(random.nextInt(20), TimeUnit.MILLISECONDS);
                        } while (acknowledged.get() < enough);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    process.destroyForcibly();
                });
                killer.start();
                writeUntilItDies(messages, acknowledged);
                killer.interrupt();
                killer.join();
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        assertThat(acknowledged.get()).isPositive();
        Process process = process();
        try (MongoClient client = MongoClients.create(uri(process))) {
            requireComplete(messages(client), acknowledged.get());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Half of each batch is written again in the next one. */
    private static void writeUntilItDies(MongoCollection<Document> messages, AtomicInteger acknowledged) {
        try {
            messages.createIndex(Indexes.ascending("offset"));
            while (true) {
                int from = Math.max(0, acknowledged.get() - BATCH / 2);
                List<WriteModel<Document>> batch = new ArrayList<>();
                for (int i = from; i < from + BATCH; i++) {
                    batch.add(i % 2 == 0
                            ? new ReplaceOneModel<>(Filters.eq(id(i)), new Document("offset", (long) i),
                                    new ReplaceOptions().upsert(true))
                            : new UpdateOneModel<>(Filters.eq(id(i)),
                                    new Document("$setOnInsert", new Document("offset", (long) i)),
                                    new UpdateOptions().upsert(true)));
                }
                messages.bulkWrite(batch, new BulkWriteOptions().ordered(false));
                acknowledged.set(from + BATCH);
            }
        } catch (MongoException e) {
            // killed
        }
    }

    private static void requireComplete(MongoCollection<Document> messages, int acknowledged) {
        List<Long> found = new ArrayList<>();
        for (Document message : messages.find(Filters.lt("offset", (long) acknowledged))
                .sort(Sorts.ascending("offset"))) {
            assertThat(message.getString("_id")).isEqualTo(id(found.size()));
            found.add(message.getLong("offset"));
        }
        assertThat(found).hasSize(acknowledged);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isEqualTo(i);
        }
    }

    private static String id(int i) {
        return "user" + i * 31 % 97 + ":" + i;
    }

    private static MongoCollection<Document> messages(MongoClient client) {
        return client.getDatabase("chat").getCollection("chat.channel.general");
    }

    private Process process() throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), StoreProcess.class.getName(),
                directory.resolve("store").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String uri(Process process) throws Exception {
        BufferedReader output = process.inputReader();
        return output.readLine() + "/?retryWrites=false&serverSelectionTimeoutMS=5000";
    }

    /** A store in a process of its own, which ends with a kill only. */
    static final class StoreProcess {

        public static void main(String[] args) throws Exception {
            EmbeddedStore store = EmbeddedStore.start(Path.of(args[0]), 0, (what, cause) -> System.exit(1));
            System.out.println(store.uri());
            Thread.currentThread().join();
        }
    }
}
