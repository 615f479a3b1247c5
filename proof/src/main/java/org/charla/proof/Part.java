package org.charla.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.charla.testing.ChildProcess;
import org.charla.testing.Mongod;

/**
 * A process of the cluster, which is started again as often as it ends. Not thread-safe: who breaks it owns it
 * meanwhile.
 */
abstract class Part {

    private final String name;

    private Part(String name) {
        this.name = name;
    }

    /** Starts it, or starts it again on what it left. */
    abstract void start() throws Exception;

    /** SIGKILL; returns when it is gone. */
    abstract void kill();

    /** SIGTERM, and what follows if it doesn't end. */
    abstract void terminate();

    /** SIGSTOP. */
    abstract void suspend() throws Exception;

    /** SIGCONT. */
    abstract void resume() throws Exception;

    abstract boolean isAlive();

    @Override
    public String toString() {
        return name;
    }

    /** A Java program. */
    static final class Jvm extends Part {

        private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

        private final Path log;
        private final Map<String, String> environment;
        private List<String> command;
        private ChildProcess process;

        Jvm(String name, Path log, Map<String, String> environment, List<String> command) {
            super(name);
            this.log = log;
            this.environment = environment;
            this.command = command;
        }

        /** What is run from the next start on. */
        void is(List<String> other) {
            command = other;
        }

        @Override
        void start() throws IOException {
            process = ChildProcess.start(log, environment, command);
        }

        @Override
        void kill() {
            process.kill();
        }

        @Override
        void terminate() {
            process.terminate(STOP_LIMIT);
        }

        @Override
        void suspend() throws IOException {
            process.suspend();
        }

        @Override
        void resume() throws IOException {
            process.resume();
        }

        @Override
        boolean isAlive() {
            return process != null && process.isAlive();
        }
    }

    /** A member of the replica set. */
    static final class Member extends Part {

        private final Mongod mongod;

        Member(String name, Mongod mongod) {
            super(name);
            this.mongod = mongod;
        }

        boolean is(Mongod other) {
            return mongod == other;
        }

        @Override
        void start() throws Exception {
            mongod.startAgain();
        }

        @Override
        void kill() {
            mongod.kill();
        }

        @Override
        void terminate() {
            mongod.close();
        }

        @Override
        void suspend() throws Exception {
            mongod.suspend();
        }

        @Override
        void resume() throws Exception {
            mongod.resume();
        }

        @Override
        boolean isAlive() {
            return mongod.isAlive();
        }
    }
}
