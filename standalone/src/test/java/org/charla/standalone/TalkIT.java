package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bson.Document;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two people and a moderator talk in real terminals, against a real standalone that crashes meanwhile: what they see, what
 * MongoDB has, and what another standalone has that it was carried to, are the same.
 */
class TalkIT {

    private static final String CHANNEL = "talk";
    private static final String PROMPT = '#' + CHANNEL + '>';
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private StandaloneProcess standalone;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private StandaloneProcess start(String name) throws Exception {
        StandaloneProcess process = new StandaloneProcess(Files.createDirectories(directory.resolve(name)));
        opened.add(process);
        return process.start().awaitReady();
    }

    private TmuxTerminal chatAs(String user, String name) throws Exception {
        TmuxTerminal terminal = new TmuxTerminal(directory.resolve(user), 100, 40);
        opened.add(terminal);
        return terminal.command(Checkout.HOME.resolve("charla") + " chat --lang en " + standalone.options() + " --user " + user
                + " --name " + name + " --channel " + CHANNEL).awaitPrompt(PROMPT);
    }

    @Test
    void whatIsSaidChangedTakenBackAndRuledThroughACrashIsTheSameEverywhere() throws Exception {
        standalone = start("first");
        TmuxTerminal carol = chatAs("carol", "Carol").enter("welcome").awaitMatch(said("Carol", "welcome"))
                .enter("/title What we talk about").awaitMatch(told("!<Carol> has set the title: What we talk about"));
        TmuxTerminal alice = chatAs("alice", "Alice").awaitLine("-- #talk: What we talk about");
        TmuxTerminal bob = chatAs("bob", "Bob").awaitLine("-- #talk: What we talk about");

        // Corrected while it is on its way, answered and liked.
        alice.enter("helo Bob").enter("s/helo/hello/").awaitMatch(told("~<Alice> hello Bob (instead of: helo)"));
        bob.awaitMatch(".*~<Alice> hello Bob .instead of: helo.").press("M-Up")
                .awaitPrompt("#talk, to Alice:").enter("hi, how are you?").awaitMatch(said("Bob", "hi, how are you?"));
        alice.awaitLine("> <Alice> hello Bob").awaitMatch(said("Bob", "hi, how are you?")).press("M-k")
                .awaitPrompt("#talk, to Bob:").enter("/react 👍")
                .awaitMatch(told("+<Alice> 👍 to <Bob> hi, how are you?")).awaitPrompt(PROMPT);
        carol.awaitMatch(told("+<Alice> 👍 to <Bob> hi, how are you?")).enter("/choose how are").awaitPrompt("#talk, to Bob:")
                .enter("/react 🎉").awaitMatch(told("+<Carol> 🎉 to <Bob> hi, how are you?"));
        bob.enter("nobody should read this").awaitMatch(said("Bob", "nobody should read this"));

        // What is done while everything is down waits, and takes effect once.
        standalone.kill();
        alice.awaitLine("no Kafka").enter("typed in the drak").enter("s/drak/dark/").awaitLine("|| ~ typed in the dark");
        bob.awaitLine("no Kafka").enter("/delete").awaitPrompt("#talk, to Bob: /delete").press("Enter")
                .awaitLine("|| - <Bob> nobody should read this");
        standalone.start().awaitReady();
        for (TmuxTerminal terminal : List.of(alice, bob, carol)) {
            terminal.awaitMatch(told("~<Alice> typed in the dark (instead of: drak)"))
                    .awaitMatch("\\d\\d:\\d\\d -<Bob> has deleted the message of .*");
        }
        bob.enter("something rude");
        carol.awaitMatch(said("Bob", "something rude"));

        // Order is kept.
        carol.enter("/choose rude").awaitPrompt("#talk, to Bob:").enter("/delete")
                .awaitMatch("\\d\\d:\\d\\d -<Carol> has deleted the message of .* by <Bob>")
                .enter("/mute Bob 10m").awaitMatch("\\d\\d:\\d\\d !<Carol> has muted bob until .*");
        bob.awaitMatch("!! Carol \\(carol\\) has muted you in #talk until .*").enter("I protest")
                .awaitLine("!! MUTED: you are muted in this channel: /rules shows until when (I protest)")
                .enter("/rules").awaitLine("-- owner: carol").awaitMatch("-- muted: bob until .*")
                .enter("/unmute bob").awaitMatch("!! NOT_ALLOWED: .*").press("C-l");
        alice.enter("/edit").awaitPrompt("#talk, edit: typed in the dark").type(" again").press("Enter")
                .awaitMatch(".*~<Alice> typed in the dark again .*").press("C-l").enter("/history")
                .awaitMatch("-- end -+");
        assertThat(alice.screen().stream().map(line -> line.replaceFirst("^\\d\\d:\\d\\d ", "")).toList()).containsSubsequence(
                "<Carol> welcome", "~<Alice> hello Bob", "> <Alice> hello Bob", "<Bob> hi, how are you?",
                "+ 👍 1 (alice)  🎉 1 (carol)", "-<Bob> (deleted)", "~<Alice> typed in the dark again",
                "-<Bob> (deleted by carol)");
        assertThat(alice.screen()).noneMatch(line -> line.contains("nobody should") || line.contains("rude"));
        awaitStored(standalone);

        // The same elsewhere.
        List<String> exported = export(standalone);
        assertThat(exported).hasSize(7).noneMatch(line -> line.contains("nobody should") || line.contains("rude"));
        Path transcript = Files.write(directory.resolve("talk.jsonl"), exported);
        StandaloneProcess second = start("second");
        second.charla("import", transcript.toString()).requireStatus(0);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(export(second)).isEqualTo(exported));
        awaitStored(second);
    }

    private static String said(String name, String text) {
        return "\\d\\d:\\d\\d.<" + name + "> " + quote(text);
    }

    private static String told(String text) {
        return "\\d\\d:\\d\\d." + quote(text);
    }

    private static String quote(String text) {
        return Pattern.quote(text);
    }

    private static List<String> export(StandaloneProcess from) throws InterruptedException {
        return from.charla("export", CHANNEL).requireStatus(0).out();
    }

    /** Waits until MongoDB has the messages as they are by now. */
    private static void awaitStored(StandaloneProcess process) {
        try (MongoClient client = MongoClients.create(process.mongodbUri())) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(client.getDatabase("chat")
                    .getCollection("chat.channel." + CHANNEL).find().sort(new Document("offset", 1))
                    .map(TalkIT::brief)).containsExactly("carol: welcome", "alice: hello Bob, edited",
                            "bob: hi, how are you?, to alice, liked by alice 👍, liked by carol 🎉", "bob: deleted by bob",
                            "alice: typed in the dark again, edited", "bob: deleted by carol"));
        }
    }

    private static String brief(Document message) {
        StringBuilder brief = new StringBuilder(message.get("author", Document.class).getString("userId")).append(": ");
        if (message.containsKey("deleted")) {
            assertThat(message).doesNotContainKeys("text", "reactions", "edited");
            return brief.append("deleted by ").append(message.get("deleted", Document.class).getString("by")).toString();
        }
        brief.append(message.getString("text")).append(message.containsKey("edited") ? ", edited" : "");
        if (message.containsKey("replyTo")) {
            brief.append(", to ").append(message.getString("replyTo").split(":")[0]);
        }
        message.getList("reactions", Document.class, List.of()).stream().sorted((one, other) ->
                one.getString("userId").compareTo(other.getString("userId"))).forEach(reacted -> brief.append(", liked by ")
                .append(reacted.getString("userId")).append(' ').append(String.join(" ", reacted.getList("reactions", String.class))));
        return brief.toString();
    }
}
