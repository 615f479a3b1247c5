package org.charla.standalone;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one Charla exports, another one that is empty imports, and exports again. */
class TranscriptsIT {

    @TempDir
    Path directory;

    @Test
    void exportsWhatItImportedFromAnExportToTheLastByte() throws Exception {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        List<String> exported;
        try (StandaloneProcess standalone = new StandaloneProcess(first)) {
            standalone.start().awaitReady();
            talk(standalone);
            exported = export(standalone, lines -> lines.size() == 1 + 64
                    && lines.stream().filter(line -> line.contains("\"deletedBy\"")).count() == 7 + 2);
            standalone.kill();
        }
        Path file = Files.writeString(directory.resolve("exported"), String.join("\n", exported) + '\n');
        try (StandaloneProcess standalone = new StandaloneProcess(second)) {
            standalone.start().awaitReady();
            assertThat(standalone.charla("import", file.toString()).requireStatus(0).out().get(0))
                    .startsWith("sent 64, changes ").contains("duplicates skipped 0").contains("lines refused 0");
            export(standalone, exported::equals);
            assertThat(standalone.charla("import", file.toString()).requireStatus(0).out().get(0))
                    .startsWith("sent 0, duplicates skipped 64, users made 0, lines refused 0");
            assertThat(standalone.charla("export", "general", "--user", "bob").requireStatus(0).out())
                    .hasSize(1 + 2).allMatch(line -> line.contains("\"charla\"") || line.contains("\"nick\":\"bob\""));
        }
    }

    /** Live by commands, and what nobody could have said in so little time from a transcript. */
    private void talk(StandaloneProcess standalone) throws Exception {
        standalone.charla("send", "general", "hola", "--user", "ada", "--name", "Ada", "--wait").requireStatus(0);
        standalone.charla("send", "general", "que tal", "--user", "bob", "--reply-to", "0", "--wait").requireStatus(0);
        standalone.charla("send", "general", "spam", "--user", "eve", "--wait").requireStatus(0);
        standalone.charla("send", "general", "qué tal", "--user", "bob", "--wait").requireStatus(0);
        await().atMost(Duration.ofSeconds(20)).until(() -> standalone.charla("history", "general").out().size() >= 4);
        List<String> ids = standalone.charla("history", "general", "--json").out().stream()
                .map(line -> line.replaceAll(".*\"messageId\":\"([^\"]+)\".*", "$1")).toList();
        standalone.charla("edit", "general", "ada:" + ids.get(0), "hola a todos", "--user", "ada", "--wait").requireStatus(0);
        standalone.charla("react", "general", "ada:" + ids.get(0), "👍", "👩‍💻", "--user", "bob", "--wait").requireStatus(0);
        standalone.charla("react", "general", "bob:" + ids.get(3), "🎉", "--user", "ada", "--wait").requireStatus(0);
        standalone.charla("delete", "general", "bob:" + ids.get(1), "--user", "bob", "--wait").requireStatus(0);
        standalone.charla("delete", "general", "eve:" + ids.get(2), "--user", "ada", "--wait").requireStatus(0);
        Path transcript = Files.writeString(directory.resolve("transcript"), "{\"charla\":\"transcript\",\"version\":1}\n"
                + IntStream.range(0, 60).mapToObj(TranscriptsIT::line).collect(joining()));
        standalone.charla("import", transcript.toString()).requireStatus(0);
    }

    /** Of one of seven people who change their names now and then. */
    private static String line(int number) {
        String nick = "user" + number * 5 % 7;
        return "{\"channel\":\"old\",\"nick\":\"" + nick + "\""
                + (number % 4 == 0 ? ",\"displayName\":\"" + (number < 30 ? "Old " : "New ") + nick + "\"" : "")
                + ",\"sentAt\":\"2007-09-14T10:" + (10 + number % 50) + ":21.5Z\",\"messageId\":\"m" + number + "\""
                + (number % 9 == 0 ? ",\"deletedBy\":\"moderator\",\"deletedAt\":\"2007-09-14T12:00:00Z\""
                        : ",\"text\":\"line " + number + "\\n\\\"é\\u202e👍\"")
                + (number % 5 == 3 ? ",\"replyTo\":\"user1:m1\"" : "")
                + (number % 6 == 1 ? ",\"editedAt\":\"2007-09-14T11:00:00.001Z\"" : "")
                + (number % 7 == 2 ? ",\"reactions\":[{\"nick\":\"user3\",\"displayName\":\"Three\",\"reactions\":[\"👍\"]},"
                        + "{\"nick\":\"reader\",\"reactions\":[\"🎉\",\"👍\"]}]" : "")
                + "}\n";
    }

    /** When the sink has come as far as is wanted. */
    private static List<String> export(StandaloneProcess standalone, Predicate<List<String>> wanted) {
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> standalone.charla("export", "general", "old").out(), wanted);
    }
}
