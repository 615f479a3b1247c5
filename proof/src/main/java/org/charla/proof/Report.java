package org.charla.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The rounds that a folder has, a JSON file each, and what they come to, in Markdown. Rounds of several runs add up.
 */
final class Report {

    private static final String ENDING = ".round.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Findings.Kind> LOST = List.of(Findings.Kind.LOST, Findings.Kind.LOST_BY_KAFKA,
            Findings.Kind.DOCUMENT_MISSING);
    private static final List<Findings.Kind> TWICE = List.of(Findings.Kind.TWICE, Findings.Kind.NOT_WRITTEN,
            Findings.Kind.FROM_NOWHERE, Findings.Kind.DOCUMENT_EXTRA);

    private final Path folder;

    Report(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    void add(Round.Result result) throws IOException {
        ObjectNode round = JSON.createObjectNode().put("seed", result.plan().seed())
                .put("events", result.tally().events()).put("messages", result.tally().messages())
                .put("kills", result.kills()).put("writersPauseMs", result.writersPause().toMillis())
                .put("readersPauseMs", result.readersPause().toMillis()).put("restartedTasks", result.restartedTasks())
                .put("endedByThemselves", result.endedByThemselves()).put("writingMs", result.writing().toMillis())
                .put("lastingMs", result.lasting().toMillis()).put("tally", result.tally().toString());
        ObjectNode findings = round.putObject("findings");
        result.findings().counts().forEach((kind, count) -> findings.put(kind.name(), count));
        ArrayNode faults = round.putArray("faults");
        result.faults().forEach(felt -> faults.addObject().put("kind", felt.fault().kind().words())
                .put("target", felt.fault().target()).put("kills", felt.fault().kills())
                .put("writersPauseMs", felt.writersPause().toMillis())
                .put("readersPauseMs", felt.readersPause().toMillis()).put("recoveryMs", felt.recovery().toMillis()));
        result.skipped().forEach(round.putArray("skipped")::add);
        Files.writeString(folder.resolve(result.plan().seed() + ENDING), round.toPrettyString());
    }

    /** Writes {@code report.md} of all rounds that are there. */
    Path write() throws IOException {
        List<JsonNode> rounds = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList()) {
                rounds.add(JSON.readTree(file.toFile()));
            }
        }
        StringBuilder text = new StringBuilder("| rounds | events | messages | faults | kills | lost | twice |"
                + " disordered | otherwise wrong | worst pause of a writer, s | of a reader, s |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|\n");
        text.append(row(String.valueOf(rounds.size()), sum(rounds, "events"), sum(rounds, "messages"),
                rounds.stream().mapToLong(round -> round.path("faults").size()).sum(), sum(rounds, "kills"),
                found(rounds, LOST), found(rounds, TWICE), found(rounds, List.of(Findings.Kind.OUT_OF_ORDER)),
                found(rounds, Arrays.stream(Findings.Kind.values()).filter(kind -> !LOST.contains(kind)
                        && !TWICE.contains(kind) && kind != Findings.Kind.OUT_OF_ORDER).toList()),
                seconds(most(rounds, "writersPauseMs")), seconds(most(rounds, "readersPauseMs"))));
        text.append("\n| fault | how often | kills | worst pause of a writer, s | of a reader, s |"
                + " recovery, median, s | worst, s |\n|---|---|---|---|---|---|---|\n");
        Map<String, List<JsonNode>> kinds = new TreeMap<>();
        rounds.forEach(round -> round.path("faults").forEach(
                fault -> kinds.computeIfAbsent(fault.path("kind").asText(), any -> new ArrayList<>()).add(fault)));
        kinds.forEach((kind, all) -> {
            long[] recoveries = all.stream().mapToLong(fault -> fault.path("recoveryMs").asLong()).sorted().toArray();
            text.append(row(kind, all.size(), sum(all, "kills"), seconds(most(all, "writersPauseMs")),
                    seconds(most(all, "readersPauseMs")), seconds(recoveries[recoveries.length / 2]),
                    seconds(recoveries[recoveries.length - 1])));
        });
        text.append("\n| seed | events | events a second, while written | faults | parts that ended by themselves |"
                + " connector tasks restarted by hand | findings |\n|---|---|---|---|---|---|---|\n");
        rounds.forEach(round -> text.append(row(round.path("seed").asText(), round.path("events").asLong(),
                1_000 * round.path("events").asLong() / Math.max(1, round.path("writingMs").asLong()),
                round.path("faults").size(), round.path("endedByThemselves").asLong(),
                round.path("restartedTasks").asLong(),
                round.path("findings").isEmpty() ? "none" : round.path("findings").toString())));
        rounds.stream().flatMap(round -> Stream.iterate(0, i -> i < round.path("skipped").size(), i -> i + 1)
                .map(i -> round.path("skipped").get(i).asText())).distinct()
                .forEach(line -> text.append("\n").append(line).append("\n"));
        return Files.writeString(folder.resolve("report.md"), text);
    }

    private static String row(Object... cells) {
        StringBuilder row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ').append(cell instanceof Long number ? String.format("%,d", number) : cell).append(" |");
        }
        return row.append('\n').toString();
    }

    private static long sum(List<JsonNode> all, String field) {
        return all.stream().mapToLong(one -> one.path(field).asLong()).sum();
    }

    private static long most(List<JsonNode> all, String field) {
        return all.stream().mapToLong(one -> one.path(field).asLong()).max().orElse(0);
    }

    private static long found(List<JsonNode> rounds, List<Findings.Kind> kinds) {
        return rounds.stream().mapToLong(round -> kinds.stream()
                .mapToLong(kind -> round.path("findings").path(kind.name()).asLong()).sum()).sum();
    }

    private static String seconds(long ms) {
        return String.format("%.1f", ms / 1e3);
    }
}
