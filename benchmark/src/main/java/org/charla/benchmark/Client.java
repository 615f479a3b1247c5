package org.charla.benchmark;

import com.mongodb.client.model.Sorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.bson.BsonDocument;
import org.charla.access.Archive;
import org.charla.access.KafkaAccess;
import org.charla.access.Store;
import org.charla.testing.Checkout;
import org.charla.testing.ChildProcess;

/**
 * What a person waits for, beside a standalone with a real mongod: pages of a channel's past at its end and far back,
 * and the chat.
 */
final class Client implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String CHARLA = Checkout.HOME.resolve("charla").toString();
    private static final int PAGE = 20;
    private static final int PAGES = 200;
    private static final int UNCOUNTED_PAGES = 50;
    private static final int COMMANDS = 9;

    private final Path folder;
    private final String channel;
    private final Database database;
    private Standalone standalone;
    private Archive archive;
    private Store store;
    private long end;
    private long deep;

    /** Nanoseconds that something took: at the channel's end, and far back. */
    record Times(Histogram end, Histogram deep) {
        private Times() {
            this(new Histogram(3), new Histogram(3));
        }
    }

    /**
     * Returns when the whole backlog is in MongoDB.
     *
     * @param backlog with messages in one channel, some pages more of them than {@code depth}
     * @param depth behind how many messages what is far back lies
     */
    Client(Backlog backlog, int depth, Path work) throws Exception {
        folder = work.resolve("client");
        Backlog.delete(folder);
        channel = backlog.workload().channel(0);
        database = new Database(folder.resolve("mongod"));
        try {
            standalone = new Standalone(backlog, work, "--mongodb-uri", database.uri());
            long messages = backlog.workload().messages(backlog.events());
            standalone.process().await("has written all", LIMIT,
                    () -> database.messages(backlog.workload()) == messages);
            store = new Store(database.uri(), "--mongodb-uri", "");
            archive = new Archive(store, new KafkaAccess(standalone.bootstrapServers(), Map.of(), "--bootstrap-servers"),
                    (where, why) -> { });
            end = position(0);
            deep = position(depth);
            train();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Why it can't be measured on this machine, in a line; empty where it can. */
    static Optional<String> missing() {
        return Database.missing().or(() -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tmux"))) ? Optional.empty()
                : Optional.of("no tmux: install it"));
    }

    /** Of the message behind which there are so many. */
    private long position(int depth) {
        BsonDocument message = database.channel(channel).find().sort(Sorts.descending("offset")).skip(depth).first();
        return message.getInt64("offset").getValue();
    }

    /** The first command has the archive of classes made that all others start from. */
    private void train() throws IOException, InterruptedException {
        FileTime built = Files.getLastModifiedTime(Checkout.HOME.resolve("standalone/target/built"));
        history(end);
        standalone.process().await("the archive of classes is made", LIMIT, () -> {
            try (DirectoryStream<Path> archives =
                    Files.newDirectoryStream(Checkout.HOME.resolve("client/target"), "classes-*.jsa")) {
                for (Path made : archives) {
                    if (Files.getLastModifiedTime(made).compareTo(built) > 0) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    /** Of a page, as the chat turns them: one behind the other. */
    Times pages() {
        Times times = new Times();
        long beforeEnd = end;
        long beforeDeep = deep;
        for (int i = 0; i < UNCOUNTED_PAGES + PAGES; i++) {
            if (i == UNCOUNTED_PAGES) {
                times.end.reset();
                times.deep.reset();
            }
            beforeEnd = page(beforeEnd, times.end);
            beforeDeep = page(beforeDeep, times.deep);
        }
        return times;
    }

    private long page(long before, Histogram times) {
        long begun = System.nanoTime();
        Archive.Page page = archive.page(channel, PAGE, before, true);
        times.recordValue(System.nanoTime() - begun);
        if (page.messages().size() != PAGE) {
            throw new IllegalStateException("a page has " + page.messages().size() + " messages in front of " + before);
        }
        return page.messages().get(0).position();
    }

    /** Of the command {@code history}, from its start to its end. */
    Times commands() throws IOException {
        Times times = new Times();
        for (int i = 0; i < COMMANDS; i++) {
            times.end.recordValue(history(end));
            times.deep.recordValue(history(deep));
        }
        return times;
    }

    private long history(long before) throws IOException {
        long begun = System.nanoTime();
        String said = ChildProcess.output(CHARLA, "history", channel, "-n", Integer.toString(PAGE),
                "--before", Long.toString(before), "--bootstrap-servers", standalone.bootstrapServers(),
                "--mongodb-uri", database.uri());
        long took = System.nanoTime() - begun;
        if (said.lines().count() != PAGE) {
            throw new IllegalStateException("history has not " + PAGE + " lines: " + said);
        }
        return took;
    }

    /** Nanoseconds from the start of the chat, in a terminal, until its prompt stands and can be typed at. */
    Histogram chatStarts() throws IOException, InterruptedException {
        Histogram times = new Histogram(3);
        Files.writeString(folder.resolve("tmux.conf"), "set -g remain-on-exit on\n");
        for (int i = 0; i < COMMANDS; i++) {
            // A server that was told to end may still take what is meant for the next one.
            times.recordValue(chatStart(folder.resolve("tmux-" + i)));
        }
        return times;
    }

    private long chatStart(Path socket) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        tmux(socket, "-f", folder.resolve("tmux.conf").toString(), "new-session", "-d", "-x", "100", "-y", "30",
                "env", "-u", "TMUX", "LC_ALL=C.UTF-8", "XDG_STATE_HOME=" + folder, CHARLA, "chat", "--lang", "en",
                "--user", "user1", "--channel", channel,
                "--bootstrap-servers", standalone.bootstrapServers(), "--mongodb-uri", database.uri());
        try {
            standalone.process().await("the chat's prompt stands", LIMIT, () -> {
                String screen = tmux(socket, "capture-pane", "-p");
                if (screen.contains("Pane is dead")) {
                    throw new IllegalStateException("the chat has ended: " + screen.strip());
                }
                return screen.lines().anyMatch(line -> line.startsWith("#" + channel + ">"));
            });
            return System.nanoTime() - begun;
        } finally {
            tmux(socket, "kill-server");
        }
    }

    private static String tmux(Path socket, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        return ChildProcess.output(command.toArray(String[]::new));
    }

    /** Messages a second of an import, from the start of the command. */
    record Imported(double untilInKafka, double untilInStore) {
    }

    /**
     * Imports a transcript into a standalone of its own.
     *
     * @param users a backlog of the users' profiles alone
     */
    static Imported imported(Backlog users, int messages, Path work) throws Exception {
        Workload workload = users.workload();
        Path transcript = work.resolve("transcript.jsonl");
        workload.writeTranscript(transcript, messages);
        Path folder = work.resolve("client");
        Backlog.delete(folder);
        try (Database database = new Database(folder.resolve("mongod"));
                Standalone standalone = new Standalone(users, work, "--mongodb-uri", database.uri());
                Progress progress = new Progress(standalone.bootstrapServers(), Contender.CHARLA.group())) {
            standalone.process().await("knows the users", LIMIT, () -> database.users() == workload.users());
            Path log = folder.resolve("import.log");
            long begun = System.nanoTime();
            ChildProcess command = ChildProcess.start(log, Map.of(), List.of(CHARLA, "import", "--json",
                    transcript.toString(), "--bootstrap-servers", standalone.bootstrapServers(),
                    "--mongodb-uri", database.uri()));
            standalone.process().await("is in Kafka", LIMIT, () -> progress.done() >= users.events() + messages);
            double inKafka = perSecond(messages, begun);
            standalone.process().await("is in MongoDB", LIMIT, () -> database.messages(workload) == messages);
            double inStore = perSecond(messages, begun);
            standalone.process().await("says what it did", LIMIT,
                    () -> Files.readString(log).contains("\"sent\":" + messages + ","));
            command.terminate(LIMIT);
            return new Imported(inKafka, inStore);
        } finally {
            Files.delete(transcript);
            Backlog.delete(folder);
        }
    }

    private static double perSecond(int messages, long begun) {
        return messages * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begun);
    }

    @Override
    public void close() throws IOException {
        if (archive != null) {
            archive.close();
        }
        if (store != null) {
            store.close();
        }
        if (standalone != null) {
            standalone.close();
        }
        database.close();
        Backlog.delete(folder);
    }
}
