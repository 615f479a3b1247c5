package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one thing more costs: memory, disk and processor time with few and with many, the others staying the same. */
final class Growth {

    /** What there is more of. */
    enum Thing {

        /** With its topic, its collection and its share of the messages. */
        CHANNEL("channel", null),

        /** With the event that makes the profile. */
        USER("user", null),

        /** Its id is remembered. */
        MESSAGE("message", "remembered id");

        private final String label;
        private final String rememberedLabel;

        Thing(String label, String rememberedLabel) {
            this.label = label;
            this.rememberedLabel = rememberedLabel;
        }
    }

    /**
     * Something that is measured.
     *
     * @param isOfMemory whether it grows with what the streams app remembers, rather than with what passes by
     */
    private record Amount(String what, String unit, boolean isOfMemory, double value) {
    }

    /**
     * What one more costs.
     *
     * @param figure of what, and one more of which thing
     */
    record Slope(String figure, String unit, double value) {
    }

    private Growth() {
    }

    /** @param few a backlog with less of the thing than {@code many} has, and as much of all else */
    static List<Slope> slopes(Thing thing, Backlog few, Backlog many, Path work) throws Exception {
        List<Amount> least = amounts(few, work);
        List<Amount> most = amounts(many, work);
        double more = number(thing, many) - number(thing, few);
        List<Slope> slopes = new ArrayList<>();
        for (int i = 0; i < most.size(); i++) {
            Amount amount = most.get(i);
            String label = amount.isOfMemory && thing.rememberedLabel != null ? thing.rememberedLabel : thing.label;
            slopes.add(new Slope("a " + label + " more: " + amount.what, amount.unit,
                    (amount.value - least.get(i).value) / more));
        }
        return slopes;
    }

    private static double number(Thing thing, Backlog backlog) {
        return switch (thing) {
            case CHANNEL -> backlog.workload().channels();
            case USER -> backlog.workload().users();
            case MESSAGE -> backlog.workload().messages(backlog.events());
        };
    }

    private static List<Amount> amounts(Backlog backlog, Path work) throws Exception {
        try (Parts parts = new Parts(backlog, work)) {
            List<Amount> amounts = new ArrayList<>();
            parts.cpu().forEach((part, time) ->
                    amounts.add(new Amount("processor time of the " + part, "µs", false, time.toNanos() / 1e3)));
            for (var jvm : parts.jvms().entrySet()) {
                boolean isOfMemory = jvm.getKey().equals(Parts.STREAMS_APP);
                amounts.add(new Amount("heap of the " + jvm.getKey(), "bytes", isOfMemory,
                        Footprint.heap(jvm.getValue())));
                amounts.add(new Amount("resident memory of the " + jvm.getKey(), "bytes", isOfMemory,
                        Footprint.resident(jvm.getValue())));
            }
            amounts.add(new Amount("resident memory of the " + Parts.MONGOD, "bytes", false,
                    Footprint.resident(parts.database().pid())));
            amounts.add(new Amount("disk of MongoDB", "bytes", false, parts.database().onDisk()));
            amounts.add(new Amount("disk of the streams app", "bytes", true, Footprint.onDisk(parts.stateFolder())));
            double changelogs = changelogs(parts.kafkaFolder());
            amounts.add(new Amount("disk of Kafka for the streams app's changelogs", "bytes", true, changelogs));
            amounts.add(new Amount("disk of Kafka for all else", "bytes", false,
                    Footprint.onDisk(parts.kafkaFolder()) - changelogs));
            return amounts;
        }
    }

    private static double changelogs(Path kafka) throws IOException {
        double bytes = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(kafka, "*-changelog-*")) {
            for (Path folder : folders) {
                bytes += Footprint.onDisk(folder);
            }
        }
        return bytes;
    }
}
