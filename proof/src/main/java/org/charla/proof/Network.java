package org.charla.proof;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.charla.testing.ChildProcess;

/**
 * Where the brokers are, so that two of them can be cut off from one another: each in a network namespace of its own,
 * on a bridge that leads nowhere else. Where that isn't allowed all are on the loopback address, and nothing is cut.
 */
final class Network implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final String prefix;
    private final String subnet;
    private final List<String> names = new ArrayList<>();
    private String reason = "";

    /** @param brokers how many there are */
    Network(int brokers) {
        long pid = ProcessHandle.current().pid();
        prefix = "cp" + pid % 100_000 + "-";
        subnet = "10.77." + pid % 250 + ".";
        try {
            ChildProcess.output("ip", "link", "add", prefix + "br", "type", "bridge");
            ChildProcess.output("ip", "addr", "add", subnet + "254/24", "dev", prefix + "br");
            ChildProcess.output("ip", "link", "set", prefix + "br", "up");
            for (int i = 0; i < brokers; i++) {
                add(prefix + i, address(i));
            }
        } catch (IOException e) {
            close();
            names.clear();
            reason = e.getMessage().lines().findFirst().orElse("").strip();
        }
    }

    private void add(String name, String address) throws IOException {
        ChildProcess.output("ip", "netns", "add", name);
        names.add(name);
        ChildProcess.output("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
        ChildProcess.output("ip", "link", "set", name, "master", prefix + "br", "up");
        in(name, "addr", "add", address + "/24", "dev", "eth0");
        in(name, "link", "set", "eth0", "up");
        in(name, "link", "set", "lo", "up");
    }

    private static void in(String name, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "-n", name));
        all.addAll(List.of(command));
        ChildProcess.output(all.toArray(String[]::new));
    }

    /** Empty where two can be cut off from one another, or else why not. */
    String reason() {
        return reason;
    }

    String address(int broker) {
        return reason.isEmpty() ? subnet + (broker + 1) : LOOPBACK;
    }

    /** The command that runs this one where the broker is. */
    List<String> where(int broker, List<String> command) {
        if (!reason.isEmpty()) {
            return command;
        }
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", names.get(broker)));
        there.addAll(command);
        return there;
    }

    int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return free.getLocalPort();
        }
    }

    /** What they send to one another from now on vanishes. */
    void cut(int one, int other) throws IOException {
        in(names.get(one), "route", "add", "blackhole", address(other) + "/32");
        in(names.get(other), "route", "add", "blackhole", address(one) + "/32");
    }

    void heal(int one, int other) throws IOException {
        in(names.get(one), "route", "del", "blackhole", address(other) + "/32");
        in(names.get(other), "route", "del", "blackhole", address(one) + "/32");
    }

    @Override
    public void close() {
        for (String name : names) {
            quietly("ip", "netns", "del", name);
        }
        quietly("ip", "link", "del", prefix + "br");
    }

    private static void quietly(String... command) {
        try {
            ChildProcess.output(command);
        } catch (IOException e) {
            // It isn't there.
        }
    }
}
