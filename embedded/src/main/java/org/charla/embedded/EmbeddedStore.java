package org.charla.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * A stand-in for MongoDB on the loopback address: mongo-java-server over H2's MVStore, for trying Charla out without a
 * MongoDB. What it acknowledged is handed to the operating system before that, and outlives the process, killed or not.
 */
public final class EmbeddedStore implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int CACHE_MEGABYTES = 48;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** An acknowledgement waits for all changed pages to be written: small ones, many are touched by few documents. */
    private static final int PAGE_BYTES = 4096;

    private final StoreListener server;

    private EmbeddedStore(StoreListener server) {
        this.server = server;
    }

    /**
     * Starts the store and returns when it serves clients.
     *
     * @param file      where its data lies; made on first use
     * @param port      to listen on; 0 takes a free one
     * @param onFailure is told when the running store meets an error that it can't go on after, such as a full disk
     */
    public static EmbeddedStore start(Path file, int port, BiConsumer<String, Throwable> onFailure) {
        return start(file, port, Runtime.getRuntime().maxMemory(), onFailure);
    }

    /** @param memory of the process, in bytes, which says how much it takes */
    static EmbeddedStore start(Path file, int port, long memory, BiConsumer<String, Throwable> onFailure) {
        // Commits are the backend's: one in the middle of a change would keep half of it.
        MVStore store = new MVStore.Builder().fileName(ExactFilePath.of(file)).cacheSize(CACHE_MEGABYTES)
                .pageSplitSize(PAGE_BYTES).autoCommitDisabled().autoCommitBufferSize(0).open();
        // What no version refers to may be written over at once, instead of after 45 seconds.
        store.setRetentionTime(0);
        return new EmbeddedStore(
                new StoreListener(new Backend(store, memory, onFailure), new InetSocketAddress(HOST, port), PATIENCE));
    }

    /** Where it listens, as drivers want it. */
    public String uri() {
        return "mongodb://" + HOST + ":" + server.address().getPort();
    }

    @Override
    public void close() {
        server.close();
    }

    /** What drivers are told: the oldest MongoDB that current ones speak to. */
    private enum Version implements MongoVersion {
        MONGODB_4_4;

        @Override
        public List<Integer> getVersionArray() {
            return List.of(4, 4, 0, 0);
        }

        @Override
        public String toVersionString() {
            return "4.4.0";
        }

        @Override
        public int getWireVersion() {
            return 9;
        }
    }

    /** Commits every change before its acknowledgement; changes come one after the other. */
    private static final class Backend extends AbstractMongoBackend {

        private static final Set<String> READS = Set.of("find", "aggregate", "getmore", "count", "distinct",
                "listcollections", "listindexes", "listdatabases", "killcursors", "ping", "buildinfo", "endsessions",
                "serverstatus", "dbstats", "collstats", "getlasterror", "connectionstatus");
        /** Changes leave unused space in the file behind; so many changes later it is looked for. */
        private static final int CHANGES_BETWEEN_COMPACTIONS = 16;
        private static final int FILL_PERCENT = 50;
        private static final int COMPACTION_BYTES = 4 << 20;

        private static final int SESSION_MINUTES = 30;
        /** As long as a search of Charla's may take. */
        private static final Duration LONGEST_REGEX = Duration.ofSeconds(10);

        private final MVStore store;
        private final StoreLimits limits;
        private final BiConsumer<String, Throwable> onFailure;
        private int changes;

        private Backend(MVStore store, long memory, BiConsumer<String, Throwable> onFailure) {
            this.store = store;
            this.limits = new StoreLimits(store, memory);
            this.onFailure = onFailure;
            version(Version.MONGODB_4_4);
            store.getMapNames().stream().filter(name -> name.startsWith(StoreDatabase.DOCUMENTS))
                    .map(name -> name.substring(StoreDatabase.DOCUMENTS.length()))
                    .map(name -> name.substring(0, name.indexOf('.'))).distinct().toList()
                    .forEach(this::resolveDatabase);
        }

        @Override
        protected MongoDatabase openOrCreateDatabase(String name) {
            return new StoreDatabase(name, store, limits, getCursorRegistry());
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            try {
                String known = command.toLowerCase(Locale.ROOT);
                if (known.equals("hello") || known.equals("ismaster")) {
                    return hello(super.handleCommand(channel, database, "ismaster", query));
                }
                refuseWhatAReplicaSetCan(query);
                BoundedCommands.bound(query, LONGEST_REGEX);
                return READS.contains(known)
                        ? read(() -> super.handleCommand(channel, database, command, query))
                        : change(channel, database, command, query);
            } catch (MVStoreException e) {
                onFailure.accept("the MongoDB stand-in can't go on: " + e.getMessage(), e);
                throw e;
            }
        }

        @Override
        public QueryResult handleQuery(MongoQuery query) {
            BoundedCommands.bound(query.getQuery(), LONGEST_REGEX);
            return read(() -> super.handleQuery(query));
        }

        /** Beside changes, which would otherwise write over what is being read. */
        private <T> T read(Supplier<T> reader) {
            MVStore.TxCounter version = store.registerVersionUsage();
            try {
                return reader.get();
            } finally {
                store.deregisterVersionUsage(version);
            }
        }

        @Override
        protected Document handleKillCursors(Document query) {
            Document answer = super.handleKillCursors(query);
            limits.forget((List<?>) query.get("cursors"));
            return answer;
        }

        /** The handshake, as drivers have it today: under its new name, and with sessions, which need nothing here. */
        private static Document hello(Document isMaster) {
            isMaster.put("helloOk", true);
            isMaster.put("isWritablePrimary", true);
            isMaster.put("readOnly", false);
            isMaster.put("logicalSessionTimeoutMinutes", SESSION_MINUTES);
            return isMaster;
        }

        /** In the words of a MongoDB that stands alone, which can't do it either. */
        private static void refuseWhatAReplicaSetCan(Document query) {
            if (query.containsKey("txnNumber")) {
                throw new MongoServerError(20, "IllegalOperation",
                        "Transaction numbers are only allowed on a replica set member or mongos");
            }
            if (query.get("pipeline") instanceof List<?> stages && !stages.isEmpty()
                    && stages.get(0) instanceof Document first && first.containsKey("$changeStream")) {
                throw new MongoServerError(40573, "The $changeStream stage is only supported on replica sets");
            }
        }

        private synchronized Document change(Channel channel, String database, String command, Document query) {
            try {
                return super.handleCommand(channel, database, command, query);
            } finally {
                store.commit();
                if (++changes % CHANGES_BETWEEN_COMPACTIONS == 0) {
                    store.compact(FILL_PERCENT, COMPACTION_BYTES);
                }
            }
        }

        @Override
        public void close() {
            super.close();
            store.close();
        }
    }
}
