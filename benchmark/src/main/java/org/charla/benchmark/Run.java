package org.charla.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.charla.testing.ChildProcess;

/** A contender with a broker on a copy of a backlog, in a folder that is gone when it is closed. For one thread. */
final class Run implements AutoCloseable {

    private final Contender contender;
    private final Contender.Aim aim;
    private final Path folder;
    private final Broker broker;
    private final Progress progress;
    private Closeable beside = () -> { };
    private ChildProcess process;

    /** Starts the broker alone. */
    Run(Contender contender, Contender.Aim aim, Backlog backlog, Path work) throws Exception {
        this.contender = contender;
        this.aim = aim;
        this.folder = work.resolve("run");
        Backlog.delete(folder);
        broker = backlog.broker(folder.resolve("kafka"), work.resolve("broker.log"));
        progress = new Progress(broker.bootstrapServers(), contender.group());
        try {
            beside = contender.startBeside(Files.createDirectories(own()));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private Path own() {
        return folder.resolve("contender");
    }

    /** Starts the contender, or starts it again. */
    ChildProcess start() throws IOException {
        process = contender.start(broker.bootstrapServers(), own(), aim);
        return process;
    }

    ChildProcess process() {
        return process;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    Progress progress() {
        return progress;
    }

    Duration brokerCpu() {
        return broker.process().cpu();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.kill();
        }
        beside.close();
        progress.close();
        broker.close();
        Backlog.delete(folder);
    }
}
