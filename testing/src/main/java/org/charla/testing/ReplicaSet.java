package org.charla.testing;

import static org.awaitility.Awaitility.await;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** Three real mongods that elect their primary. */
public final class ReplicaSet implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<Mongod> members = new ArrayList<>();

    private ReplicaSet() {
    }

    public static ReplicaSet start(Path directory) throws Exception {
        ReplicaSet set = new ReplicaSet();
        try {
            List<Document> hosts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Mongod member = Mongod.start(directory.resolve("m" + i), "--replSet", "set");
                set.members.add(member);
                hosts.add(new Document("_id", i).append("host", host(member)));
            }
            try (MongoClient first = MongoClients.create(set.members.get(0).uri() + "/?directConnection=true")) {
                // A dead primary is missed sooner than after the 10 seconds that are the default.
                first.getDatabase("admin").runCommand(new Document("replSetInitiate", new Document("_id", "set")
                        .append("members", hosts)
                        .append("settings", new Document("electionTimeoutMillis", 3000))));
            }
            try (MongoClient client = MongoClients.create(set.uri())) {
                set.primary(client);
            }
            return set;
        } catch (Exception e) {
            set.close();
            throw e;
        }
    }

    public String uri() {
        return "mongodb://" + String.join(",", members.stream().map(ReplicaSet::host).toList()) + "/?replicaSet=set";
    }

    /** All three, in an order that stays. */
    public List<Mongod> members() {
        return List.copyOf(members);
    }

    private static String host(Mongod member) {
        return member.uri().substring("mongodb://".length());
    }

    /** Waits for one. */
    public Mongod primary(MongoClient client) {
        return await().atMost(LIMIT).ignoreExceptions().until(() -> {
            String host = client.getDatabase("admin").runCommand(new Document("hello", 1)).getString("primary");
            return members.stream().filter(member -> host(member).equals(host)).findFirst().orElse(null);
        }, member -> member != null);
    }

    /** Makes the primary give up its office; returns when there is another. */
    public void stepDown(MongoClient client) {
        Mongod before = primary(client);
        await().atMost(LIMIT).until(() -> {
            try {
                client.getDatabase("admin").runCommand(new Document("replSetStepDown", 10)
                        .append("secondaryCatchUpPeriodSecs", 5));
            } catch (MongoException e) {
                // No secondary has caught up yet, or the connection was closed by the step that was asked for.
            }
            return primary(client) != before;
        });
    }

    @Override
    public void close() {
        for (Mongod member : members) {
            // Told to end, a member of a set first waits for 15 seconds, for its clients to find another.
            member.kill();
        }
    }
}
