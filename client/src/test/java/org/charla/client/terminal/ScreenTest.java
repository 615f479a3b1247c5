package org.charla.client.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.access.Speakers;
import org.charla.client.chat.Item;
import org.charla.client.chat.Notice;
import org.charla.client.chat.Question;
import org.charla.client.chat.StatusLine;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.RawEvent;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.ScreenTerminal;
import org.jline.utils.ScreenTerminal.VirtualTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on an emulated screen after a conversation was shown on it. */
class ScreenTest {

    private static final int ROWS = 24;
    private static final long NOON = 1_763_812_800_000L;

    static final EditedTty.Keys NO_KEYS = new EditedTty.Keys() {
        @Override
        public void switchBy(int steps) {
        }

        @Override
        public void switchTo(int number) {
        }

        @Override
        public void switchToUnread() {
        }

        @Override
        public void older() {
        }

        @Override
        public void chooseBy(int steps) {
        }
    };

    private static final Layout.Ids NO_IDS = (author, cut) -> Optional.empty();

    /** What stands beside which names. */
    private final Map<String, String> ids = new HashMap<>();
    /** The messages of the channel that are known, by their ids. */
    private final Map<String, PlacedMessage> known = new HashMap<>();
    private int columns = 80;
    private boolean colour = true;
    private Locale locale = Locale.ENGLISH;
    private ScreenTerminal screen;
    private List<Long> cells;

    /** What people send to do harm, or without meaning any. */
    static List<String> hostileTexts() {
        List<String> texts = new ArrayList<>(List.of(
                "\u001b[2J\u001b[H", "\u001b]0;title\u0007", "\u001b[31mred", "\u009b2J", "\u001bc", "\u001b[?1049h",
                "\u001b[999;999H", "\u001b[6n", "\u001bP1;2|\u001b\\", "\u0007\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b",
                "one\rtwo", "one\u000btwo\u000cthree\u0085four\u2028five\u2029six", "\u0000\u0001\u007f",
                "\u202egnp.exe\u202c", "\u2066\u2067\u2068\u2069\u061c", "a\u200bb\u200cc\u200dd\ufeffe",
                "\u00ad\u2060\u180e", "Z" + "\u0300\u0301\u0316\u0489".repeat(200) + "algo",
                "\ud83d\ude00".repeat(4_000), "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67".repeat(100),
                "\ud800", "\uffff\ufffe", "\udb40\udc41\udb40\udc42", "日本語".repeat(200), "x".repeat(4_000),
                "\u0002bold\u0002 \u000304,12colour\u0003 \u001dit\u001d \u001ful\u001f \u0016rev\u000f",
                "\n\n\n", "\t\t\t", "── ┌┐ ══", "\u001b(0qqq\u001b(B", "%s %n %1 ${jndi:x} {0} \\e[1m"));
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x250; c++) {
            all.append(c);
        }
        texts.add(all.toString());
        return texts;
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void aHostileTextLeavesWhatStandsAroundItAsItWas(String text) throws Exception {
        List<String> screen = screen(view -> {
            view.messages(List.of(message("bob", "before")));
            view.messages(List.of(message("bob", text)));
            view.messages(List.of(message("eve", "behind")));
        });

        assertThat(screen.get(promptRow(screen) - 1)).isEqualTo("12:00 <eve> behind");
        assertThat(screen).allMatch(line -> line.codePoints().noneMatch(Character::isISOControl));
        assertThat(screen).filteredOn(line -> line.startsWith("12:00 ")).allMatch(line -> line.startsWith("12:00 <"));
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void aHostileNameLeavesWhatStandsAroundItAsItWas(String name) throws Exception {
        List<String> screen = screen(view -> {
            view.messages(List.of(message("bob", "before")));
            view.messages(List.of(message(name, "hi")));
            view.messages(List.of(message("eve", "behind")));
        });

        int row = promptRow(screen);
        assertThat(screen.get(row - 1)).isEqualTo("12:00 <eve> behind");
        assertThat(String.join("\n", screen)).contains("12:00 <bob> before\n12:00 <").contains("> hi\n12:00 <eve>");
    }

    @Test
    void wrapsUnderTheTextOfAMessage() throws Exception {
        columns = 40;
        assertThat(screen(view -> view.messages(List.of(message("bob", "a text that is wider than forty columns are")))))
                .containsSubsequence("12:00 <bob> a text that is wider than", "            forty columns are");
    }

    @Test
    void indentsLessUnderALongNameOnANarrowTerminal() throws Exception {
        columns = 40;
        assertThat(screen(view -> view.messages(List.of(message("a-very-long-name", "a text that is wider than that")))))
                .containsSubsequence("12:00 <a-very-long…> a text that is", "  wider than that");
    }

    @Test
    void marksMentionsAlsoWithoutColour() throws Exception {
        colour = false;
        assertThat(screen(view -> view.messages(List.of(message("bob", "ana, look"))))).contains("12:00»<bob> ana, look");
    }

    @Test
    void usesNoColourWhereNoneIsWanted() throws Exception {
        Showing showing = view -> {
            view.heading("general");
            view.messages(List.of(message("bob", "ana, look")));
            view.say(Notice.REFUSED, "EMPTY_TEXT", "reason", "text");
        };
        screen(showing);
        assertThat(attributes()).isNotEmpty();

        colour = false;
        screen(showing);
        assertThat(attributes()).isEmpty();
    }

    @Test
    void marksWhoeverDidNotSignAlsoWithoutColour() throws Exception {
        colour = false;
        assertThat(screen(view -> view.messages(List.of(unsigned("bob", "hi"), unsigned("bob", "/me waves"),
                unsigned("bob", "ana, a text that is wider than the eighty columns which this terminal has"),
                message("eve", "hi")))))
                .containsSubsequence("12:00 ?<bob> hi", "12:00 ?* bob waves",
                        "12:00»?<bob> ana, a text that is wider than the eighty columns which this", "             terminal has",
                        "12:00 <eve> hi");
    }

    @Test
    void noNameLooksLikeAnotherMessageOrHasTheMark() throws Exception {
        assertThat(screen(view -> view.messages(List.of(unsigned("eve> hi, <bob", "x"), message("? <eve", "x")))))
                .contains("12:00 ?<eve› hi, ‹bob> x", "12:00 <? ‹eve> x");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 59, 60, 80})
    void showsTheIdBesideANameInLinesThatAreNoWiderThanTheTerminal(int width) throws Exception {
        columns = width;
        for (String name : List.of("Ana", "日本語".repeat(21), "\uD83D\uDE00".repeat(64), "\u05D0\u0301".repeat(32))) {
            ids.put(name, name);
            List<String> rows = screen(view -> view.messages(List.of(unsigned(name, "a text of some words that go on"))));
            int begin = rows.indexOf(rows.stream().filter(line -> line.startsWith("12:00 ?<")).findFirst().orElseThrow());
            assertThat(rows.subList(begin + 1, promptRow(rows))).as(name).allMatch(line -> line.startsWith("  "));
        }
        ids.put("Ana", "ana2");
        assertThat(String.join("\n", screen(view -> view.messages(List.of(message("Ana", "hi"))))))
                .contains("12:00 <Ana (ana2)> hi");
    }

    @Test
    void tellsInTheListOfSpeakersWhoIsNotVerifiedAndWhoseNameLooksLikeAnothers() throws Exception {
        ids.put("Ana", "ana2");
        assertThat(screen(view -> view.speakers("general", new Speakers(List.of(
                new Author("ana2", "Ana", true), new Author("bob", "bob")), 2))))
                .contains("-- 2 people have spoken in #general: Ana (ana2), ?bob");
    }

    @Test
    void warnsOfAnotherKeyInOneLineInBothLanguages() throws Exception {
        columns = 200;
        assertThat(screen(view -> view.say(Notice.OTHER_KEY, "ana", "SHA256:new", "SHA256:old")))
                .contains("!! ana signs with another key than before: SHA256:new instead of SHA256:old."
                        + " Ask ana in another way whether it is theirs.");
        locale = new Locale("es");
        assertThat(screen(view -> view.say(Notice.OTHER_KEY, "ana", "SHA256:new", "SHA256:old")))
                .anyMatch(line -> line.startsWith("!! ana firma con otra clave que antes: SHA256:new en lugar de SHA256:old."));
    }

    @Test
    void saysWhatToDoWhereAUserIdIsAnothersInBothLanguages() throws Exception {
        columns = 200;
        Showing refusals = view -> {
            for (String code : List.of("UNSIGNED", "INVALID_SIGNATURE", "STALE_SIGNATURE")) {
                view.say(Notice.REFUSED, code, "A reason.", "Ana");
            }
        };
        assertThat(screen(refusals)).anyMatch(line -> line.startsWith("!! UNSIGNED: this user id can be used only with its key:"))
                .anyMatch(line -> line.startsWith("!! INVALID_SIGNATURE: this user id belongs to somebody, and your key is none"))
                .anyMatch(line -> line.matches("!! STALE_SIGNATURE: .*: is the clock of this machine right\\? \\(Ana\\)"));
        locale = new Locale("es");
        assertThat(screen(refusals)).anyMatch(line -> line.startsWith("!! UNSIGNED: este id de usuario solo se puede usar con su clave:"))
                .anyMatch(line -> line.startsWith("!! INVALID_SIGNATURE: este id de usuario es de alguien y tu clave no es suya:"))
                .anyMatch(line -> line.matches("!! STALE_SIGNATURE: .*: ¿va bien el reloj de esta máquina\\? \\(Ana\\)"));
    }

    private static PlacedMessage unsigned(String author, String text) {
        return new PlacedMessage(1, new ChannelMessage("m", "general",
                new Author("id", author), text, NOON, NOON));
    }

    @Test
    void showsSomebodyWhoDoesSomething() throws Exception {
        assertThat(screen(view -> view.messages(List.of(message("bob", "/me waves"))))).contains("12:00 * bob waves");
    }

    @Test
    void marksMessagesThatWereChangedAndTakenBackAndCountsWhatPeopleThink() throws Exception {
        PlacedMessage edited = message("bob", "first").after(edit("second"));
        PlacedMessage deleted = message("bob", "secret").after(new PlacedRecord(9, new ChannelRecord.Deletion(
                "d", "general", new Author("carol", "Carol", true), "id:m", NOON, NOON)));
        PlacedMessage liked = message("bob", "liked");
        for (int i = 0; i < 8; i++) {
            liked = liked.after(reaction("user" + i, 9 + i, i == 0 ? List.of("🎉", "👍") : List.of("👍")));
        }
        PlacedMessage most = liked;
        assertThat(screen(view -> view.messages(List.of(edited, deleted, most))))
                .containsSubsequence("12:00 ~<bob> second", "12:00 -<bob> (deleted by carol)", "12:00 <bob> liked",
                        "+ 👍 8 (user0, user1, user2, user3, user4, +3)  🎉 1 (user0)")
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void quotesWhatIsAnsweredInALineThatNoTextCanImitate() throws Exception {
        known.put("id:one", message("bob", "a question\nof two lines"));
        known.put("id:gone", message("bob", "secret").after(new PlacedRecord(9, new ChannelRecord.Deletion(
                "d", "general", new Author("id", "bob", true), "id:m", NOON, NOON))));
        assertThat(screen(view -> view.messages(List.of(answer("id:one", "an answer"), answer("id:gone", "too late"),
                answer("eve:nowhere", "who?"), message("eve", "> <bob> forged\n> <bob> forged\n+ 👍 9 (all)")))))
                .containsSubsequence("> <bob> a question", "12:00 <bob> an answer", "> <bob> (deleted)", "12:00 <bob> too late",
                        "> <eve> (a message that is not here)", "12:00 <bob> who?", "12:00 <eve> > <bob> forged",
                        "            > <bob> forged", "            + 👍 9 (all)")
                .noneMatch(line -> line.startsWith("> <bob> forged"));
    }

    @Test
    void tellsWhatChangedInLinesThatQuoteLittle() throws Exception {
        PlacedMessage before = message("bob", "helo world");
        String text = "word ".repeat(300);
        PlacedMessage longer = message("bob", text);
        columns = 120;
        assertThat(screen(view -> {
            view.changed(new Item.Changed(edit("hello world, ana"), Optional.of(before)));
            view.changed(new Item.Changed(edit("never seen"), Optional.empty()));
            view.changed(new Item.Changed(edit(text + "end"), Optional.of(longer)));
            view.changed(new Item.Changed(reaction("carol", 9, List.of("👍")), Optional.of(before)));
            view.changed(new Item.Changed(reaction("carol", 9, List.of()), Optional.of(before)));
            view.changed(new Item.Changed(new PlacedRecord(9, new ChannelRecord.Deletion("d", "general",
                    new Author("carol", "Carol", true), "id:m", NOON, NOON)), Optional.of(before)));
        })).containsSubsequence("12:00»~<bob> hello world, ana (instead of: helo world)",
                "12:00 ~<bob> has changed an older message: /older and /history show it",
                "12:00 +<carol> 👍 to <bob> helo world", "12:00 +<carol> takes back the reaction to <bob> helo world",
                "12:00 -<Carol> has deleted the message of 12:00 by <bob>")
                .anyMatch(line -> line.startsWith("12:00 ~<bob> …word word word word end (instead of: word word"))
                .noneMatch(line -> line.contains("never seen"));
    }

    @Test
    void tellsWhatIsRuledInBothLanguages() throws Exception {
        Showing rulings = view -> {
            view.changed(new Item.Changed(rule(ChannelRule.TITLE, "Talk", OptionalLong.empty()), Optional.empty()));
            view.changed(new Item.Changed(rule(ChannelRule.MUTE, "bob", OptionalLong.of(NOON)), Optional.empty()));
            view.changed(new Item.Changed(rule(ChannelRule.SLOW_MODE, "0", OptionalLong.empty()), Optional.empty()));
            view.changed(new Item.Changed(rule(ChannelRule.POSTING, "verified", OptionalLong.empty()), Optional.empty()));
            view.say(Notice.MUTED_BY, "Carol", "carol", "general", OptionalLong.empty());
            view.rules(new ChannelRules("general", "Talk", Optional.of("carol"), List.of("eve", "dan"),
                    ChannelRules.Posting.MODERATORS, 30, List.of(new ChannelRules.Mute("bob", OptionalLong.empty())), 1));
        };
        assertThat(screen(rulings)).containsSubsequence("12:00 !<Carol> has set the title: Talk",
                "12:00 !<Carol> has muted bob until 2025-11-22 12:00", "12:00 !<Carol> has ended slow mode",
                "12:00 !<Carol> has ruled who may post: whoever signs",
                "!! Carol (carol) has muted you in #general for good.", "-- #general: Talk", "-- owner: carol",
                "-- moderators: eve, dan", "-- who may post: owner and moderators",
                "-- slow mode: 30 s between two messages of one person", "-- muted: bob for good");
        locale = new Locale("es");
        assertThat(screen(rulings)).containsSubsequence("12:00 !<Carol> ha puesto el título: Talk",
                "12:00 !<Carol> ha quitado el modo lento", "!! Carol (carol) te ha silenciado en #general para siempre.",
                "-- dueño: carol");
    }

    @Test
    void showsWhatIsChosenAndHowLongSlowModeLastsAboveTheLine() throws Exception {
        assertThat(screen(view -> { }, new StatusLine("general", List.of(), List.of(), Connection.UP, false, 12,
                Optional.of(message("bob", "a question")), new Question.Text())))
                .containsSubsequence("slow mode: 12 s", "> <bob> a question", "#general message:");
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void aHostileTextDoesNoHarmWhereItIsQuotedChangedOrRuled(String text) throws Exception {
        known.put("id:one", message(text, text));
        List<String> screen = screen(view -> {
            view.messages(List.of(answer("id:one", "before")));
            view.changed(new Item.Changed(edit(text), Optional.of(message("bob", "first"))));
            view.changed(new Item.Changed(edit("second"), Optional.of(message("bob", text))));
            view.changed(new Item.Changed(reaction(text, 9, List.of(text)), Optional.of(message(text, text))));
            view.changed(new Item.Changed(rule(ChannelRule.TITLE, text, OptionalLong.empty()), Optional.empty()));
            view.say(Notice.CHOSEN, text, text);
            view.messages(List.of(message("bob", "liked").after(reaction(text, 9, List.of(text)))));
            view.messages(List.of(message("eve", "behind")));
        });
        assertThat(screen.get(promptRow(screen) - 1)).isEqualTo("12:00 <eve> behind");
        assertThat(screen).allMatch(line -> line.codePoints().noneMatch(Character::isISOControl))
                .noneMatch(line -> line.startsWith("-- \uFFFD"));
    }

    private static PlacedRecord edit(String text) {
        return new PlacedRecord(9, new ChannelRecord.Edit("e", "general", new Author("id", "bob", true), "id:m", text, NOON, NOON));
    }

    private static PlacedRecord reaction(String userId, long position, List<String> reactions) {
        return new PlacedRecord(position, new ChannelRecord.Reaction("r", "general", new Author(userId, userId, true), "id:m",
                reactions, NOON, NOON));
    }

    private static PlacedRecord rule(ChannelRule rule, String value, OptionalLong until) {
        return new PlacedRecord(9, new ChannelRecord.Rule("r", "general", new Author("carol", "Carol", true), rule, value, until,
                NOON, NOON));
    }

    private static PlacedMessage answer(String target, String text) {
        return new PlacedMessage(2, new ChannelMessage("a", "general", new Author("id", "bob", true), text,
                Optional.of(target), NOON, NOON));
    }

    @Test
    void drawsALineBetweenDays() throws Exception {
        assertThat(screen(view -> view.messages(List.of(message("bob", "one", NOON), message("bob", "two", NOON),
                message("bob", "three", NOON + 86_400_000)))))
                .filteredOn(line -> line.startsWith("-- ")).extracting(line -> line.replaceAll(" -+$", ""))
                .containsExactly("-- Saturday, November 22, 2025", "-- Sunday, November 23, 2025");
    }

    @Test
    void speaksSpanish() throws Exception {
        locale = new Locale("es", "ES");
        assertThat(screen(view -> {
            view.messages(List.of(message("bob", "hola")));
            view.say(Notice.REFUSED, "TEXT_TOO_LONG", "The text is too long.", "hola");
        })).anyMatch(line -> line.startsWith("-- sábado, 22 de noviembre de 2025 --"))
                .contains("!! TEXT_TOO_LONG: el texto pasa de 4.000 caracteres (hola)");
    }

    @Test
    void showsMessagesOnTheirWayTheOtherChannelsAndTheStateAboveTheLineThatIsTyped() throws Exception {
        StatusLine status = new StatusLine("general", List.of(new StatusLine.Tab("general", true, 0, false),
                new StatusLine.Tab("random", false, 3, true)),
                List.of(pending("general", "on its way\nindeed", true),
                        pending("random", "waits", false)), Connection.DOWN, false, 0, Optional.empty(), null);

        assertThat(screen(view -> { }, status)).containsSubsequence("… on its way indeed", "|| #random waits",
                "[1:#general 2:#random(3»)] no Kafka, 1 message waits", "#general>");
    }

    @Test
    void leavesOutChannelsWithNothingNewWhereTheLineIsTooShort() throws Exception {
        columns = 40;
        List<StatusLine.Tab> tabs = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            tabs.add(new StatusLine.Tab("channel" + i, i == 1, i == 15 ? 7 : 0, false));
        }

        assertThat(screen(view -> { }, new StatusLine("general", tabs, List.of(), Connection.UP, false, 0, Optional.empty(), null)))
                .contains("[1:#channel1 15:#channel15(7)]");
    }

    @Test
    void saysInOneLineThatThereAreMoreMessagesOnTheirWay() throws Exception {
        List<StatusLine.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            pending.add(pending("general", "text " + i, true));
        }
        StatusLine status = new StatusLine("general", List.of(), pending, Connection.UP, false, 0, Optional.empty(), null);

        assertThat(screen(view -> { }, status)).containsSubsequence("… text 3", "… 26 more", "#general>");
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 40, 61})
    void tellsOfARefusedTextHoweverLongAndOfWhateverCharacters(int length) throws Exception {
        for (String character : List.of("x", "\uD83D\uDE00", "日", "e\u0301", "\uD83D\uDC4D\uD83C\uDFFD", "\u202E")) {
            assertThat(screen(view -> {
                view.say(Notice.REFUSED, "TEXT_TOO_LONG", "reason", character.repeat(length));
                view.say(Notice.NOT_SENT, "reason", character.repeat(length));
            })).as(character).anyMatch(line -> line.startsWith("!! TEXT_TOO_LONG: the text is longer than"))
                    .anyMatch(line -> line.startsWith("!! Not sent: reason"))
                    .noneMatch(line -> line.startsWith("-- \uFFFD"));
        }
    }

    @Test
    void goesOnBehindWhatCanNotBeDrawn() throws Exception {
        assertThat(screen(view -> {
            view.messages(List.of(message("bob", "one"), message("bob", "fault"), message("bob", "two")));
            view.say(Notice.NO_COUNT);
            view.say(Notice.REFUSED);
            view.say(Notice.BELL_ON);
        })).containsSubsequence("12:00 <bob> one", "-- \uFFFD", "12:00 <bob> two", "-- \uFFFD", "-- Mentions ring the bell.");
    }

    @Test
    void keepsTheIndentationOfCode() throws Exception {
        assertThat(screen(view -> view.messages(List.of(message("bob", "if x:\n\ty()\n  a\tb")))))
                .containsSubsequence("12:00 <bob> if x:", "                y()", "              a b");
    }

    @Test
    void leavesTheAddressOfAPageInOnePiece() throws Exception {
        columns = 40;
        String address = "https://example.org/" + "x".repeat(60);
        assertThat(screen(view -> view.messages(List.of(message("bob", "see " + address + " there"),
                message("bob", "and https://example.org/short too")))))
                .containsSubsequence("12:00 <bob> see", address.substring(0, 40), address.substring(40),
                        "            there", "12:00 <bob> and", "            https://example.org/short", "            too");
    }

    @Test
    void makesAddressesLinksWhereTheTerminalKnowsThem() throws Exception {
        String text = "see https://example.org/ñ\u001b\\\u001b]0;x\u0007";

        assertThat(written("xterm-256color", text)).contains(
                "see \033]8;;https://example.org/%C3%B1\033\\https://example.org/ñ\033]8;;\033\\␛\\␛]0;x␇")
                .doesNotContain("\033]0").doesNotContain("\007");
        assertThat(written("xterm-256color", "ftp://example.org file:///etc")).doesNotContain("\033]8");
        assertThat(written("linux", text)).contains("https://example.org/ñ").doesNotContain("\033]8");
        assertThat(written("vt100", text)).contains("https://example.org/ñ").doesNotContain("\033]8");
    }

    @Test
    void ringsTheBell() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EditedTty tty = new EditedTty(terminal("xterm-256color", out), NO_KEYS, (word, before) -> List.of())) {
            new ChatView(tty, new Phrases(locale), new Layout(locale, ZoneOffset.UTC, colour, tty::columnsOf),
                    placed -> true, NO_IDS, id -> Optional.empty()).mentioned();
        }
        assertThat(out.toString(UTF_8)).contains("\007");
    }

    /** What is sent to a terminal of a type for a message. */
    private String written(String type, String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EditedTty tty = new EditedTty(terminal(type, out), NO_KEYS, (word, before) -> List.of())) {
            Layout layout = new Layout(locale, ZoneOffset.UTC, false, tty::columnsOf);
            tty.show(layout.message(message("bob", text), "", text, false, NO_IDS, 200), List.of());
        }
        return out.toString(UTF_8);
    }

    private static Terminal terminal(String type, ByteArrayOutputStream out) throws Exception {
        return new LineDisciplineTerminal("test", type, out, UTF_8);
    }

    private interface Showing {
        void show(ChatView view);
    }

    private static StatusLine.Pending pending(String channel, String text, boolean sent) {
        return new StatusLine.Pending(new RawEvent.Message("m", "id", channel, text, NOON), sent);
    }

    private static PlacedMessage message(String author, String text) {
        return message(author, text, NOON);
    }

    private static PlacedMessage message(String author, String text, long sentAt) {
        return new PlacedMessage(1, new ChannelMessage("m", "general",
                new Author("id", author, true), text, sentAt, sentAt));
    }

    private static int promptRow(List<String> screen) {
        return screen.lastIndexOf("#general>");
    }

    private List<String> screen(Showing showing) throws Exception {
        return screen(showing, new StatusLine("general", List.of(), List.of(), Connection.UP, false, 0, Optional.empty(), null));
    }

    /** The rows of a terminal on which all of it was shown above the line that is typed. */
    private List<String> screen(Showing showing, StatusLine status) throws Exception {
        VirtualTerminal virtual = ScreenTerminal.withTerminal("test", "xterm-256color", columns, ROWS);
        screen = virtual.screen();
        try (EditedTty tty = new EditedTty(virtual.terminal(), NO_KEYS, (word, before) -> List.of())) {
            ChatView view = new ChatView(tty, new Phrases(locale),
                    new Layout(locale, ZoneOffset.UTC, colour, tty::columnsOf), placed -> {
                        if (placed.message().text().equals("fault")) {
                            throw new IllegalStateException("a fault in drawing");
                        }
                        return placed.message().text().contains("ana");
                    }, (author, cut) -> Optional.ofNullable(ids.get(author.displayName())),
                    id -> Optional.ofNullable(known.get(id)));
            Thread reader = new Thread(() -> {
                try {
                    tty.read(null, false);
                } catch (InterruptedException e) {
                    // Told to end.
                }
            });
            view.flush(status);
            reader.start();
            await().until(() -> rows().stream().anyMatch(row -> row.startsWith("#general")));
            showing.show(view);
            view.flush(status);
            List<String> rows = rows();
            cells = cells();
            tty.stop();
            reader.join();
            return rows;
        }
    }

    private List<Long> cells() {
        long[] all = new long[columns * ROWS];
        screen.dump(all, new int[2]);
        return Arrays.stream(all).boxed().toList();
    }

    private List<String> rows() {
        return Arrays.stream(screen.toString().split("\n")).map(String::stripTrailing).toList();
    }

    /** What is not plain on the screen. */
    private List<Long> attributes() {
        return cells.stream().filter(cell -> ScreenTerminal.cellHasForeground(cell) || ScreenTerminal.cellBold(cell)
                || ScreenTerminal.cellDim(cell)).toList();
    }
}
