package org.charla.benchmark;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.charla.protocol.Topics;
import org.charla.testing.Mongod;

/** A real mongod, in a process of its own, and what the sink has written there. */
final class Database implements AutoCloseable {

    private static final String SINK = "chat";

    private final Mongod server;
    private final MongoClient client;
    private final ProcessHandle process;

    /** Starts it in a new folder. */
    Database(Path folder) throws Exception {
        server = Mongod.start(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        client = MongoClients.create(server.uri());
        process = ProcessHandle.of(serverStatus().get("pid", Number.class).longValue()).orElseThrow();
    }

    /** Why there can't be one on this machine, in a line; empty where there can. */
    static Optional<String> missing() {
        return Mongod.program().isPresent() ? Optional.empty()
                : Optional.of("no mongod: name one in MONGOD, or put it on the PATH");
    }

    String uri() {
        return server.uri();
    }

    MongoDatabase named(String name) {
        return client.getDatabase(name);
    }

    MongoCollection<BsonDocument> channel(String channel) {
        return named(SINK).getCollection(Topics.ofChannel(channel), BsonDocument.class);
    }

    /** The messages in all channels. */
    long messages(Workload workload) {
        return IntStream.range(0, workload.channels())
                .mapToLong(number -> channel(workload.channel(number)).estimatedDocumentCount()).sum();
    }

    long users() {
        return named(SINK).getCollection(Topics.USERS).estimatedDocumentCount();
    }

    /** Documents that were written since its start, by anybody. */
    long written() {
        Document counters = serverStatus().get("opcounters", Document.class);
        return counters.get("update", Number.class).longValue() + counters.get("insert", Number.class).longValue();
    }

    private Document serverStatus() {
        return named("admin").runCommand(new Document("serverStatus", 1));
    }

    /** The bytes that the sink's collections and their indexes take on the disk. */
    long onDisk() {
        named("admin").runCommand(new Document("fsync", 1));
        Document stats = named(SINK).runCommand(new Document("dbStats", 1));
        return stats.get("storageSize", Number.class).longValue() + stats.get("indexSize", Number.class).longValue();
    }

    long pid() {
        return process.pid();
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
