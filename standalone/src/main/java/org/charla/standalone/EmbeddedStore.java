package org.charla.standalone;

import java.net.InetSocketAddress;
import java.nio.file.Path;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import org.h2.mvstore.MVStore;

public final class EmbeddedStore implements AutoCloseable {
    private final MongoServer server;
    private EmbeddedStore(MongoServer server) { this.server = server; }

    public static EmbeddedStore start(Path file, int port, java.util.function.BiConsumer<String, Throwable> onFailure) {
        MVStore store = new MVStore.Builder().fileName(file.toString()).cacheSize(32).autoCommitDisabled().autoCommitBufferSize(0).open();
        store.setRetentionTime(Integer.getInteger("ret", 45000));
        MongoServer server = new MongoServer(new Backend(store));
        server.bind(new InetSocketAddress("127.0.0.1", port));
        return new EmbeddedStore(server);
    }
    public String uri() { return "mongodb://127.0.0.1:" + server.getLocalAddress().getPort(); }
    @Override public void close() { server.shutdownNow(); }

    private static final class Backend extends H2Backend {
        long n; long nanos;
        Backend(MVStore store) { super(store); }
        @Override
        public Document handleCommand(Channel channel, String db, String command, Document query) {
            if (command.equals("update") || command.equals("insert") || command.equals("delete")) {
            synchronized (this) {
                Document r = super.handleCommand(channel, db, command, query);
                long t = System.nanoTime();
                commit();
                nanos += System.nanoTime() - t;
                if (++n % 50 == 0) System.out.println("commit avg us " + nanos / 50 / 1000 + " size " + getMvStore().getFileStore().size() / 1000000 + " MB fill " + getMvStore().getFileStore().getFillRate() + " chunksfill " + getMvStore().getFillRate());
                if (n % 50 == 0) nanos = 0;
                return r;
            } }
            return super.handleCommand(channel, db, command, query);
        }
    }
}
