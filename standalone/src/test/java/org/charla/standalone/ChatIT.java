package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.Document;
import org.charla.access.PlacedMessage;
import org.charla.access.Store;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./charla chat} in real terminals, against a real standalone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatIT {

    private static final Path CHARLA = Checkout.HOME.resolve("charla");

    private StandaloneProcess standalone;
    private Path directory;
    private int number;
    private String channel;
    private TmuxTerminal alice;
    private TmuxTerminal bob;

    @BeforeAll
    void startServers(@TempDir Path temporary) {
        directory = temporary;
        standalone = new StandaloneProcess(temporary).start().awaitReady();
    }

    @AfterAll
    void stopServers() throws Exception {
        standalone.close();
    }

    @BeforeEach
    void openTerminals() throws Exception {
        channel = "c" + ++number;
        alice = new TmuxTerminal(directory.resolve("alice" + number), 80, 24);
        bob = new TmuxTerminal(directory.resolve("bob" + number), 80, 24);
    }

    @AfterEach
    void closeTerminals() throws Exception {
        alice.close();
        bob.close();
    }

    private String chat(String options) {
        return CHARLA + " chat " + standalone.options() + " " + options;
    }

    private TmuxTerminal chatAs(TmuxTerminal terminal, String user, String name) throws Exception {
        return terminal.command(chat("--user " + user + " --name " + name + " --channel " + channel))
                .awaitPrompt("#" + channel + ">");
    }

    @Test
    void asksForNameAndChannelOnceAndThenKnowsThem() throws Exception {
        alice.command(chat("")).awaitPrompt("Your name [").enter("Ana María").awaitPrompt("Channel:")
                .enter("#" + channel).awaitPrompt("#" + channel + ">").awaitLine("-- Nobody has said anything in #"
                        + channel + " yet.").enter("hola").awaitMatch("\\d\\d:\\d\\d <Ana María> hola").enter("/quit")
                .awaitPrompt("$");

        alice.command(chat("")).awaitMatch("-- Ana María \\(Ana-María\\), /help .*")
                .awaitMatch("\\d\\d:\\d\\d <Ana María> hola").awaitPrompt("#" + channel + ">");
    }

    @Test
    void twoPeopleTalkAndMentionEachOther() throws Exception {
        chatAs(alice, "alice", "Alice");
        chatAs(bob, "bob", "Bob");
        alice.enter("hi Bob, ¿qué tal? 日本語 😀");
        bob.awaitMatch("\\d\\d:\\d\\d»<Alice> hi Bob, ¿qué tal\\? 日本語 😀").enter("/me waves");
        alice.awaitMatch("\\d\\d:\\d\\d \\* Bob waves").type("a line that is being ty");
        bob.enter("interrupts");
        alice.awaitMatch("\\d\\d:\\d\\d <Bob> interrupts").awaitPrompt("#" + channel + "> a line that is being ty")
                .type("ped").press("Enter");
        bob.awaitMatch("\\d\\d:\\d\\d <Alice> a line that is being typed");
    }

    @Test
    void marksWhoIsNotVerifiedAndTellsPeopleAndTheirKeysApart() throws Exception {
        UserKey first = SigningKey.generate().publicKey();
        UserKey second = SigningKey.generate().publicKey();
        String eve = "eve" + number;
        Path known = directory.resolve("alice" + number).resolve("charla/known-keys");
        send(List.of("hola"));
        chatAs(alice, "alice", "Alice").awaitMatch(".*<bob> hola");
        try (KafkaProducer<String, byte[]> pipeline = new KafkaProducer<>(
                Map.of("bootstrap.servers", standalone.bootstrapServers()), new StringSerializer(), new ByteArraySerializer())) {
            write(pipeline, new UserProfile(eve, "Eve", List.of(first.toString()), 1));
            awaitKeys(eve, first);
            write(pipeline, "m1", new Author(eve, "Eve", true), "it is me");
            alice.awaitMatch("\\d\\d:\\d\\d <Eve> it is me");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                    assertThat(known).content().contains(eve + ' ' + first.fingerprint()));

            write(pipeline, new UserProfile(eve, "Eve", List.of(second.toString()), 2));
            awaitKeys(eve, second);
            write(pipeline, "m2", new Author(eve, "Eve", true), "me again");
            alice.awaitMatch("!! " + eve + " signs with another key than before:.*");
            assertThat(String.join("", alice.screen()).replace(" ", ""))
                    .contains(second.fingerprint()).contains(first.fingerprint());
            assertThat(known).content().contains(second.fingerprint());

            write(pipeline, "m3", new Author("mallory", "\u0415ve"), "me, too");
            alice.awaitMatch("\\d\\d:\\d\\d \\?<\u0415ve \\(mallory\\)> me, too");
            write(pipeline, "m4", new Author(eve, "Eve", true), "no");
            alice.awaitMatch("\\d\\d:\\d\\d <Eve \\(" + eve + "\\)> no");
            for (String forged : List.of("1", "\"true\"", "[true]")) {
                String record = new String(Wire.write(message("m5", new Author(eve, "Eve", true), "forged")), UTF_8);
                pipeline.send(new ProducerRecord<>(Topics.ofChannel(channel), eve + ":m5",
                        record.replace("\"verified\":true", "\"verified\":" + forged).getBytes(UTF_8)));
            }
            write(pipeline, "m6", new Author(eve, "Eve", true), "the end");
            alice.awaitMatch("\\d\\d:\\d\\d <Eve \\(" + eve + "\\)> the end");
            assertThat(alice.screen()).noneMatch(line -> line.endsWith("forged") || line.contains("Exception"));
            awaitSent("hola", "it is me", "me again", "me, too", "no", "the end");
            bob.command(CHARLA + " history " + channel + " " + standalone.options()).awaitMatch(".* \\?<\u0415ve> me, too")
                    .awaitMatch(".* <Eve> no").command(CHARLA + " history " + channel + " -n 1 --json "
                            + standalone.options() + " | grep -o 'verified.*,.text'").awaitMatch("verified\":true},\"text")
                    .command(CHARLA + " users --json " + standalone.options() + " | grep -o '" + second + "'")
                    .awaitLine(second.toString());
        }
    }

    private void write(KafkaProducer<String, byte[]> pipeline, UserProfile profile) throws Exception {
        pipeline.send(new ProducerRecord<>(Topics.USERS, profile.userId(), Wire.write(profile))).get();
    }

    private void write(KafkaProducer<String, byte[]> pipeline, String id, Author author, String text)
            throws Exception {
        ChannelMessage message = message(id, author, text);
        pipeline.send(new ProducerRecord<>(Topics.ofChannel(channel), message.id(), Wire.write(message))).get();
    }

    private ChannelMessage message(String id, Author author, String text) {
        return new ChannelMessage(id, channel, author, text, System.currentTimeMillis(), System.currentTimeMillis());
    }

    /** Waits until these are the keys of a user in MongoDB. */
    private void awaitKeys(String userId, UserKey key) {
        try (Store store = new Store(standalone.mongodbUri(), "--mongodb-uri", "")) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(store.profiles(List.of(userId)))
                    .extracting(UserProfile::keys).containsExactly(List.of(key.toString())));
        }
    }

    @Test
    void countsWhatIsUnreadElsewhereAndGoesThere() throws Exception {
        chatAs(alice, "alice", "Alice").enter("/join " + channel + "-b").awaitPrompt("#" + channel + "-b>");
        chatAs(bob, "bob", "Bob").enter("one").enter("two, Alice");
        alice.awaitLine("[1:#" + channel + "(2») 2:#" + channel + "-b]").press("M-a")
                .awaitPrompt("#" + channel + ">").awaitMatch("\\d\\d:\\d\\d <Bob> one")
                .awaitMatch("\\d\\d:\\d\\d»<Bob> two, Alice").press("M-2").awaitPrompt("#" + channel + "-b>")
                .press("C-p").awaitPrompt("#" + channel + ">").enter("/leave").awaitPrompt("#" + channel + "-b>");
    }

    @Test
    void goesOnWhereItsPersonLeftOffThoughItWasKilled() throws Exception {
        String other = channel + "-b";
        Path kept = directory.resolve("alice" + number + "/charla/channels/alice");
        chatAs(alice, "alice", "Alice").enter("/join " + other).awaitPrompt("#" + other + ">").enter("mine")
                .awaitMatch(".*<Alice> mine").enter("/join " + channel + "-c").awaitPrompt("#" + channel + "-c>")
                .enter("/leave").awaitPrompt("#" + other + ">").press("M-1").awaitPrompt("#" + channel + ">");
        chatAs(bob, "bob", "Bob").enter("one");
        alice.awaitMatch(".*<Bob> one");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(kept).content()
                .containsPattern(" " + channel + " [1-9]\\d* \\d+ open\\n").containsPattern(" " + other + " [1-9]\\d* \\d+ open\\n"));
        alice.press("C-z").awaitPrompt("$").enter("kill -9 %1").enter("echo gone").awaitLine("gone");
        bob.enter("two").awaitMatch(".*<Bob> two").enter("/join " + other).awaitPrompt("#" + other + ">")
                .enter("three, Alice").awaitMatch(".*<Bob> three, Alice");

        alice.command(chat("--user alice")).awaitMatch("-- new since \\d\\d:\\d\\d -+").awaitMatch(".*<Bob> two")
                .awaitLine("[1:#" + channel + " 2:#" + other + "(1»)]");
        assertThat(alice.screen().stream().dropWhile(line -> !line.matches(".*<Bob> one")).skip(1))
                .first().asString().startsWith("-- new since ");
        alice.press("M-a").awaitPrompt("#" + other + ">").awaitMatch("\\d\\d:\\d\\d»<Bob> three, Alice");
        assertThat(alice.screen().stream().dropWhile(line -> !line.matches(".*<Alice> mine")).skip(1))
                .first().asString().startsWith("-- new since ");
        alice.enter("/quit").awaitPrompt("$");

        alice.command("LC_ALL=es_ES.UTF-8 " + chat("--user alice")).awaitPrompt("#" + other + ">").awaitMatch(".*<Bob> three, Alice")
                .awaitLine("[1:#" + channel + " 2:#" + other + "]").enter("/quit").awaitPrompt("$");
        assertThat(alice.screen()).noneMatch(line -> line.startsWith("-- nuevo desde"));
        Files.writeString(kept, "what somebody else keeps here");
        alice.command(chat("--user alice")).awaitPrompt("#" + other + ">").awaitMatch(".*<Bob> three, Alice")
                .enter("/quit").awaitPrompt("$");
        assertThat(String.join("", alice.screen()).replace(" ", ""))
                .containsOnlyOnce((kept + " is not the file in which Charla keeps").replace(" ", ""));
        assertThat(kept).content().isEqualTo("what somebody else keeps here");
    }

    @Test
    void pagesBackToTheBeginning() throws Exception {
        send(IntStream.range(0, 50).mapToObj(i -> "text " + i).toList());
        chatAs(alice, "alice", "Alice").awaitMatch(".*<bob> text 49");
        assertThat(shownTexts(alice)).containsExactlyElementsOf(IntStream.range(30, 50).mapToObj(i -> "text " + i).toList());
        alice.enter("/older").awaitMatch("-- #" + channel + ", older messages -+");
        alice.await(screen -> assertThat(shownTexts(alice))
                .containsExactlyElementsOf(IntStream.range(10, 30).mapToObj(i -> "text " + i).toList()
                        .subList(20 - shownTexts(alice).size(), 20)));
        alice.press("PageUp").awaitMatch(".*<bob> text 9").enter("/older")
                .awaitLine("-- #" + channel + " begins here: there is nothing older.")
                .enter("/search TEXT 4").awaitMatch(".*, found -+").awaitMatch(".*<bob> text 49")
                .enter("/users").awaitLine("-- 1 person has spoken in #" + channel + ": bob");
    }

    @Test
    void tellsWhatWasRefusedAndWhy() throws Exception {
        chatAs(alice, "alice", "Alice").paste("x".repeat(4_001)).press("Enter")
                .awaitLine("!! TEXT_TOO_LONG: the text is longer than 4,000 characters")
                .enter("/nick " + "y".repeat(65)).awaitMatch("!! INVALID_DISPLAY_NAME: .*");
    }

    @Test
    void keepsWhatIsTypedWhileKafkaIsAwayAndSendsItOnce() throws Exception {
        chatAs(alice, "alice", "Alice").enter("before").awaitMatch(".*<Alice> before");
        chatAs(bob, "bob", "Bob").awaitMatch(".*<Alice> before");
        standalone.kill();
        alice.awaitLine("no Kafka").enter("one").enter("two").awaitLine("|| two")
                .awaitLine("no Kafka, 2 messages wait").enter("/quit")
                .awaitPrompt("2 messages have not arrived yet. Leave all the same? (y/N)").enter("n");
        standalone.start().awaitReady();
        bob.awaitMatch(".*<Alice> two");
        alice.awaitLine("-- Kafka is back.").awaitMatch(".*<Alice> two");
        for (TmuxTerminal terminal : List.of(alice, bob)) {
            assertThat(shownTexts(terminal)).containsExactly("before", "one", "two");
        }
    }

    @Test
    void staysInOrderWhenTheWindowChangesItsSize() throws Exception {
        chatAs(alice, "alice", "Alice").enter("a text that has more than forty columns, so that it is wrapped");
        alice.awaitMatch(".*<Alice> a text .*").resize(40, 15).type("typing").awaitPrompt("#" + channel + "> typing")
                .press("Enter").awaitMatch(".*<Alice> typing").enter("a text that has more than forty columns again")
                .awaitMatch(".*<Alice> a text that has.*").resize(100, 30).enter("wide")
                .awaitMatch(".*<Alice> wide").awaitPrompt("#" + channel + ">");
        assertThat(alice.screen()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void sendsWhatIsPastedAsOneMessageAfterAsking() throws Exception {
        chatAs(alice, "alice", "Alice").paste("one\ntwo \u001b[31mred\nthree\n").press("Enter")
                .awaitPrompt("Send these 3 lines as one message? (y/N)").enter("y")
                .awaitMatch("\\d\\d:\\d\\d <Alice> one").awaitLine("              two ␛[31mred")
                .awaitLine("              three");
    }

    @Test
    void clearsTheLineWithCtrlCAndLeavesTheTerminalAsItWas() throws Exception {
        Path before = directory.resolve("before" + number);
        Path after = directory.resolve("after" + number);
        alice.enter("stty -a > " + before);
        chatAs(alice, "alice", "Alice").type("given up").press("C-c").awaitLine("-- Ctrl-C once more leaves.")
                .awaitPrompt("#" + channel + ">").press("C-c").awaitLine("-- Bye.").awaitPrompt("$")
                .enter("stty -a > " + after).awaitMatch("\\$ stty.*").enter("echo done").awaitMatch("(\\$ )?done");
        assertThat(Files.readString(after)).isEqualTo(Files.readString(before));
        assertThat(alice.screen()).noneMatch(line -> line.contains("> given up"));
    }

    @Test
    void oneCtrlCLeavesNeitherTheChatNorItsFirstQuestions() throws Exception {
        alice.command(chat("")).awaitPrompt("Your name [").type("gi").press("C-c")
                .awaitLine("-- Ctrl-C once more leaves.").awaitPrompt("Your name [").press("C-c").awaitPrompt("$");
        alice.command(chat("--user alice")).awaitPrompt("Channel:").press("C-c")
                .awaitLine("-- Ctrl-C once more leaves.").awaitPrompt("Channel:").enter(channel)
                .awaitPrompt("#" + channel + ">");
        for (int i = 0; i < 10; i++) {
            alice.type("given up " + i).awaitPrompt("#" + channel + "> given up " + i).press("C-c")
                    .await(screen -> assertThat(screen).last().isEqualTo("#" + channel + ">"));
        }
        alice.enter("hola").awaitMatch(".*<(alice|Alice)> hola").press("C-c", "C-c").awaitLine("-- Bye.").awaitPrompt("$");
    }

    @Test
    void keepsWhatIsTypedBeforeThereIsAPrompt() throws Exception {
        alice.command(chat("--lang en")).type("Ana María").press("Enter").type(channel).press("Enter")
                .type("one").press("Enter").awaitMatch("\\d\\d:\\d\\d <Ana María> one")
                .awaitPrompt("#" + channel + ">").enter("/quit").awaitPrompt("$");
        alice.command(chat("--lang en")).type("thr").awaitPrompt("#" + channel + "> thr");
    }

    @Test
    void stopsWithCtrlZAndGoesOn() throws Exception {
        chatAs(alice, "alice", "Alice").type("half a li").awaitPrompt("#" + channel + "> half a li").press("C-z")
                .awaitPrompt("$").enter("stty -a | grep -o '[ -]icanon\\|[ -]echo '").awaitLine(" icanon")
                .awaitLine(" echo").enter("fg").awaitPrompt("#" + channel + "> half a li").type("ne").press("Enter")
                .awaitMatch(".*<Alice> half a line").awaitPrompt("#" + channel + ">");
        assertThat(alice.screen()).filteredOn(line -> line.startsWith("#" + channel + ">")).hasSize(1);
    }

    @Test
    void sendsWhatIsPastedToTheLastCharacter() throws Exception {
        String code = "  if (a) {\n\treturn \"\\E[1m\";\t\n\n}\u00ad שלום\u200f می\u200cخواهم \u202Ex "
                + "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F";
        chatAs(alice, "alice", "Alice").paste(code).awaitPrompt("}<U+00AD>").press("Enter")
                .awaitPrompt("Send these 4 lines as one message? (y/N)").enter("n").awaitPrompt("}<U+00AD>")
                .press("Enter").awaitPrompt("Send these 4 lines as one message? (y/N)").enter("y")
                .awaitMatch("\\d\\d:\\d\\d <Alice>   if \\(a\\) \\{");
        alice.press("Up").awaitPrompt("#" + channel + "> y").press("Up").awaitPrompt("}<U+00AD>")
                .press("Enter").awaitPrompt("Send these").enter("y");
        alice.await(screen -> assertThat(screen).filteredOn(line -> line.endsWith("<Alice>   if (a) {")).hasSize(2));
        awaitSent(code, code);
    }

    @Test
    void runsNoCommandOfSeveralLinesThatComeAtOnce() throws Exception {
        chatAs(alice, "alice", "Alice").pasteAsIfTyped("one\n/quit\n\ttwo\n")
                .awaitPrompt("Send these 3 lines as one message? (y/N)").enter("y")
                .awaitMatch("\\d\\d:\\d\\d <Alice> one");
        awaitSent("one\n/quit\n\ttwo");
    }

    @Test
    void runsNoCommandOfSeveralLinesThatComeBeforeThereIsAPrompt() throws Exception {
        alice.command(chat("--lang en --user alice --name Alice --channel " + channel)).pasteAsIfTyped("one\n/quit\ntwo\n")
                .awaitPrompt("Send these 3 lines as one message? (y/N)").enter("y")
                .awaitMatch("\\d\\d:\\d\\d <Alice> one");
        awaitSent("one\n/quit\ntwo");
        alice.enter("/quit").awaitPrompt("$");
        alice.command("XDG_STATE_HOME=" + directory.resolve("nowhere") + " " + chat("--lang en --user alice")).pasteAsIfTyped(channel + "\n/quit\n")
                .awaitPrompt("#" + channel + "> /quit").press("Enter").awaitPrompt("$");
    }

    @Test
    void leavesNothingOfTheLineBehindWhenTheWindowChangesItsSize() throws Exception {
        chatAs(alice, "alice", "Alice");
        chatAs(bob, "bob", "Bob");
        for (String draft : List.of("word ".repeat(30) + "end", "日本語の長い文章です".repeat(6) + "end")) {
            alice.type(draft).await(screen -> assertThat(String.join("", screen)).endsWith("end"));
            for (int columns : new int[] {60, 41, 100, 53, 80}) {
                alice.resize(columns, 24);
                bob.enter("at " + columns + " columns");
                alice.awaitMatch(".*<Bob> at " + columns + " columns");
                alice.await(screen -> {
                    assertThat(screen).filteredOn(line -> line.startsWith("#" + channel + ">")).hasSize(1);
                    assertThat(String.join("", screen)).endsWith("end").containsOnlyOnce("end");
                });
            }
            alice.press("C-c").await(screen -> assertThat(screen).last().isEqualTo("#" + channel + ">"))
                    .press("C-l").await(screen -> assertThat(screen).hasSize(1));
        }
    }

    @Test
    void ringsForAMentionInAnyEncodingAndCompletesAndFindsIt() throws Exception {
        chatAs(alice, "alice", "José");
        chatAs(bob, "bob", "Zoë").enter("hola jose\u0301 aquí");
        alice.awaitMatch("\\d\\d:\\d\\d»<Zoë> hola jose\u0301 aquí");
        assertThat(alice.hasRung()).isTrue();
        awaitSent("hola jose\u0301 aquí");
        alice.type("@zo").awaitPrompt("#" + channel + "> @zo").press("Tab").awaitPrompt("#" + channel + "> @Zoë")
                .press("C-u").enter("/search JOSÉ").awaitMatch(".*, found -+").enter("/bell")
                .awaitMatch("-- Mentions don't ring .*");
    }

    @Test
    void speaksSpanishWhereTheLocaleDoes() throws Exception {
        alice.command("LC_ALL=es_ES.UTF-8 " + chat("--channel " + channel)).awaitPrompt("Tu nombre [").enter("Lucía")
                .awaitLine("-- Lucía (Lucía), /help muestra las órdenes.").enter("/menu")
                .awaitLine("-- 4  Cerrar").awaitPrompt("1-4:").enter("1")
                .awaitPrompt("#" + channel + " mensaje:").enter("hola").awaitMatch("\\d?\\d:\\d\\d <Lucía> hola")
                .enter("/nick " + "y".repeat(65)).awaitMatch("!! INVALID_DISPLAY_NAME: un nombre tiene .*");
    }

    @Test
    void chatsLineByLineWhereThereIsNoTerminal() throws Exception {
        alice.command("printf 'hola\\n/me waves\\n' | " + chat("--user alice --name Alice --channel " + channel)
                + " | cat; echo done").awaitLine("done").awaitMatch("\\d\\d:\\d\\d <Alice> hola")
                .awaitMatch("\\d\\d:\\d\\d \\* Alice waves");
        bob.command("TERM=dumb " + chat("--user bob --name Bob --channel " + channel))
                .awaitMatch(".*<Alice> hola").enter("hi").awaitMatch("\\d\\d:\\d\\d <Bob> hi")
                .pasteAsIfTyped("one\n/quit\n\ttwo\n").awaitLine("Send these 3 lines as one message? (y/N)").enter("y")
                .awaitMatch("\\d\\d:\\d\\d <Bob> one").enter("/quit").awaitPrompt("$");
        awaitSent("hola", PlacedMessage.ACTION + "waves", "hi", "one\n/quit\n\ttwo");
    }

    @Test
    void chatsInATerminalThatNobodyKnows() throws Exception {
        alice.command("TERM=nonsense " + chat("--user alice --name Alice --channel " + channel))
                .awaitPrompt("#" + channel + ">").enter("hola").awaitMatch("\\d\\d:\\d\\d <Alice> hola");
        assertThat(alice.screen()).noneMatch(line -> line.contains("nonsense") && !line.startsWith("$")
                || line.contains("Exception"));
    }

    @Test
    void sendsAllOfAPipeWithMoreThanMayWaitAndSaysWhatWasRefused() throws Exception {
        alice.command("(seq 2000; printf 'x%.0s' $(seq 4001)) | " + chat("--user alice --channel " + channel)
                + " > /dev/null; echo status $?").awaitLine("status 1");
        awaitSent(IntStream.rangeClosed(1, 2_000).mapToObj(Integer::toString).toArray(String[]::new));
    }

    @Test
    void opensInTheTerminalOfAStandaloneWhichGoesOnBehindIt() throws Exception {
        alice.command(CHARLA + " standalone --kafka-port 0 --connect-port 0 --mongodb-port 0 --data-dir "
                + directory.resolve("second")).awaitMatch("ready: kafka .*").awaitPrompt("Your name [").enter("alice")
                .awaitPrompt("Channel:").enter("general").awaitPrompt("#general>").enter("hola")
                .awaitMatch(".*<alice> hola").enter("/quit").awaitMatch("charla: the chat is closed, the servers go on.*")
                .press("C-c").awaitMatch(".*charla: stopping").awaitPrompt("$");
    }

    /** Waits until these are what MongoDB has of the channel. */
    private void awaitSent(String... texts) {
        try (MongoClient client = MongoClients.create(standalone.mongodbUri())) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                    client.getDatabase("chat").getCollection("chat.channel." + channel).find()
                            .sort(new Document("offset", 1)).map(message -> message.getString("text")))
                    .containsExactly(texts));
        }
    }

    private void send(List<String> texts) throws Exception {
        Path file = Files.write(directory.resolve("lines" + number), texts);
        bob.command(CHARLA + " send " + channel + " --user bob --wait " + standalone.options() + " < " + file
                + " && echo sent").awaitLine("sent");
    }

    private static List<String> shownTexts(TmuxTerminal terminal) {
        return terminal.screen().stream().filter(line -> line.matches("\\d\\d:\\d\\d.<\\w+> .*"))
                .map(line -> line.replaceFirst(".*?> ", "")).toList();
    }
}
