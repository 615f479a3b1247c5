package org.charla.proof;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.charla.testing.ChildProcess;

/**
 * Where the brokers are, so that two of them can be cut off from one another: each in a network namespace of its own,
 * on a bridge in another one, where no rules of this machine hold. Where that isn't allowed all are on the loopback
 * address, and nothing is cut.
 */
final class Network implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private static final String BRIDGE = "bridge";
    private static final String PORT = "port";

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
            addNamespace(hub());
            in(hub(), "link", "add", BRIDGE, "type", "bridge");
            in(hub(), "link", "set", BRIDGE, "up");
            for (int i = 0; i < brokers; i++) {
                String name = prefix + i;
                addNamespace(name);
                connect(name, i);
                in(name, "addr", "add", address(i) + "/24", "dev", PORT);
                in(name, "link", "set", PORT, "up");
                in(name, "link", "set", "lo", "up");
            }
            // And whoever is outside: clients, apps, workers.
            ChildProcess.output("ip", "link", "add", prefix + PORT, "type", "veth", "peer", "name", PORT,
                    "netns", hub());
            in(hub(), "link", "set", PORT, "master", BRIDGE, "up");
            ChildProcess.output("ip", "addr", "add", subnet + "254/24", "dev", prefix + PORT);
            ChildProcess.output("ip", "link", "set", prefix + PORT, "up");
        } catch (IOException e) {
            close();
            reason = e.getMessage().lines().findFirst().orElse("").strip();
        }
    }

    private String hub() {
        return prefix + "hub";
    }

    private void addNamespace(String name) throws IOException {
        ChildProcess.output("ip", "netns", "add", name);
        names.add(name);
    }

    private void connect(String name, int number) throws IOException {
        String port = PORT + number;
        in(hub(), "link", "add", port, "type", "veth", "peer", "name", PORT, "netns", name);
        in(hub(), "link", "set", port, "master", BRIDGE, "up");
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
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", prefix + broker));
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
        in(prefix + one, "route", "add", "blackhole", address(other) + "/32");
        in(prefix + other, "route", "add", "blackhole", address(one) + "/32");
    }

    void heal(int one, int other) throws IOException {
        in(prefix + one, "route", "del", "blackhole", address(other) + "/32");
        in(prefix + other, "route", "del", "blackhole", address(one) + "/32");
    }

    @Override
    public void close() {
        for (String name : names) {
            try {
                ChildProcess.output("ip", "netns", "del", name);
            } catch (IOException e) {
                System.err.println("a network namespace is left: " + e.getMessage());
            }
        }
        names.clear();
    }
}
