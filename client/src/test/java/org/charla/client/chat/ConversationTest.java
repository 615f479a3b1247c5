package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.charla.protocol.RawEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConversationTest {

    private final World world = new World();
    private final Seen seen = new Seen();
    private Conversation conversation;

    @BeforeEach
    void talk() {
        conversation = world.talk(seen);
    }

    @Test
    void introducesThePersonBeforeTheFirstMessage() {
        begin();
        conversation.typed("hola");

        assertThat(world.sent).hasSize(2);
        assertThat(world.sent.get(0)).isEqualTo(new RawEvent.Profile("id0", World.ME, "Ana", world.now));
        assertThat(text(1)).isEqualTo("hola");
    }

    @Test
    void showsAMessageAsPendingUntilItComesBack() {
        begin();
        conversation.typed("hola");
        assertThat(conversation.status().pending()).extracting(pending -> ((RawEvent.Message) pending.event()).text())
                .containsExactly("hola");
        assertThat(seen.texts()).isEmpty();

        world.settle();
        assertThat(conversation.status().pending()).isEmpty();
        assertThat(seen.texts()).containsExactly("hola");
    }

    @Test
    void tellsCodeReasonAndTextOfARefusal() {
        begin();
        conversation.typed("bad words");
        world.settle();

        assertThat(conversation.status().pending()).isEmpty();
        assertThat(seen.told).contains(
                new Seen.Told(Notice.REFUSED, List.of("INVALID_TEXT", "It is bad.", "bad words")));
    }

    @Test
    void keepsWhatIsTypedWhileKafkaIsAwayAndSendsItOnceInOrder() {
        begin();
        world.kafkaGoes();
        conversation.typed("one");
        conversation.typed("two");
        assertThat(conversation.status().pending()).extracting(StatusLine.Pending::sent).containsExactly(false, false);
        assertThat(world.sent).hasSize(1);

        world.kafkaReturns();
        world.settle();
        assertThat(seen.texts()).containsExactly("one", "two");
        assertThat(seen.notices()).contains(Notice.DISCONNECTED, Notice.CONNECTED);
    }

    @Test
    void refusesWhatDoesNotFitIntoTheQueueAndGivesItBack() {
        begin();
        world.kafkaGoes();
        IntStream.range(0, Outbox.CAPACITY).forEach(i -> conversation.typed("text " + i));
        assertThat(conversation.typed("too much")).isPresent();
        assertThat(conversation.typed("//too much")).contains("//too much");
        assertThat(seen.notices()).contains(Notice.QUEUE_FULL);
        assertThat(conversation.hasRoom()).isFalse();

        world.settle();
        assertThat(conversation.hasRoom()).isTrue();
        assertThat(world.sent).doesNotHaveDuplicates().hasSize(Outbox.CAPACITY);
    }

    @Test
    void saysWhenThePipelineKeepsSilent() {
        begin();
        conversation.typed("hola");
        conversation.acknowledged("id1");
        assertThat(conversation.status().stalled()).isFalse();

        world.now += 11_000;
        assertThat(conversation.status().stalled()).isTrue();
    }

    @Test
    void asksBeforeItLeavesWithMessagesOnTheirWay() {
        begin();
        conversation.typed("hola");
        conversation.typed("/quit");
        assertThat(conversation.status().question()).isEqualTo(new Question.LeaveUnsent(1));
        conversation.typed("n");
        assertThat(conversation.isOver()).isFalse();

        conversation.typed("/quit");
        conversation.typed("sí");
        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void leavesAtOnceWhenNothingIsOnItsWay() {
        begin();
        conversation.typed("/quit");

        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void leavesWhenTheLineIsGivenUpTwiceInARow() {
        begin();
        conversation.interrupted("");
        conversation.typed("");
        conversation.interrupted("");
        assertThat(conversation.isOver()).isFalse();

        conversation.interrupted("");
        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void staysWhenTwoLinesAreGivenUp() {
        begin();
        conversation.interrupted("one");
        conversation.interrupted("two");
        conversation.interrupted("three");

        assertThat(conversation.isOver()).isFalse();
    }

    @Test
    void sendsWhatWasTypedToTheLastBlank() {
        begin();
        List<String> texts = List.of("  hola  ", "\tcode\t", " /quit", "a\u00ADb\u200F", "x\\E[<", "!!", "one\rtwo");
        texts.forEach(conversation::typed);
        conversation.typed("/me  waves ");
        conversation.typed("//bin/ls  ");
        conversation.typed("/1  hola ");

        assertThat(IntStream.range(1, world.sent.size()).mapToObj(this::text)).startsWith(texts.toArray(String[]::new))
                .endsWith("/me  waves ", "/bin/ls  ", " hola ");
    }

    @Test
    void handsBackUnchangedWhatIsNotToBeSent() {
        begin();
        String pasted = "  def f():\n\treturn 1 \n/quit\n\n";

        assertThat(conversation.typed(pasted)).isEmpty();
        assertThat(conversation.status().question()).isEqualTo(new Question.SendLines(pasted, 5));
        assertThat(conversation.typed("n")).contains(pasted);
        conversation.typed(pasted);
        conversation.typed("SI\u0301");
        assertThat(text(1)).isEqualTo(pasted);
    }

    @Test
    void ringsForMentionsAsTheyArriveUnlessItIsToldNotTo() {
        world.write("general", "bob", "Ana, before");
        begin();
        conversation.typed("/join random");
        world.settle();
        assertThat(seen.rung).isZero();

        world.write("general", "bob", "ANA!");
        world.write("random", "bob", "ana");
        world.write("random", "bob", "Anabel");
        world.settle();
        assertThat(seen.rung).isEqualTo(2);

        conversation.typed("/bell");
        world.write("general", "bob", "Ana?");
        world.settle();
        assertThat(seen.rung).isEqualTo(2);
        assertThat(conversation.bell()).isFalse();
        conversation.typed("/bell");
        assertThat(seen.notices()).containsSubsequence(Notice.BELL_OFF, Notice.BELL_ON);
    }

    @Test
    void knowsANameHoweverItsLettersAreEncoded() {
        assertThat(new Mentions("josé").in("hola JOSE\u0301!")).isTrue();
        assertThat(new Mentions("Jose\u0301").in("@josé")).isTrue();
        assertThat(new Mentions("josé").in("jose")).isFalse();
        assertThat(new Mentions("josé").in("josés")).isFalse();
        assertThat(new Mentions("\u3164").in("anything")).isFalse();
    }

    @Test
    void waitsForItsMessagesWhenThereIsNothingMoreToRead() {
        begin();
        conversation.typed("hola");
        conversation.inputEnded();
        assertThat(conversation.isOver()).isFalse();

        world.settle();
        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void asksForAChannelWhereNoneIsGiven() {
        conversation.start(null);
        assertThat(conversation.status().question()).isEqualTo(new Question.Channel());
        conversation.typed("No channel!");
        assertThat(seen.notices()).contains(Notice.INVALID_CHANNEL);
        conversation.typed("#General");

        assertThat(conversation.status().channel()).isEqualTo("general");
    }

    @Test
    void sendsSeveralLinesAsOneMessageAfterAsking() {
        begin();
        conversation.typed("one\ntwo");
        assertThat(conversation.status().question()).isEqualTo(new Question.SendLines("one\ntwo", 2));
        assertThat(conversation.typed("")).contains("one\ntwo");

        conversation.typed("one\ntwo");
        assertThat(conversation.typed("y")).isEmpty();
        assertThat(text(1)).isEqualTo("one\ntwo");
    }

    @Test
    void countsWhatIsUnreadInOtherChannelsAndMarksMentions() {
        begin();
        conversation.typed("/join random");
        world.settle();
        world.write("general", "bob", "hi");
        world.write("general", "bob", "hi, ANA!");
        world.write("general", "bob", "bananas");
        world.settle();

        assertThat(conversation.status().tabs()).containsExactly(
                new StatusLine.Tab("general", false, 3, true), new StatusLine.Tab("random", true, 0, false));
    }

    @Test
    void showsWhatWasUnreadBehindWhatWasRead() {
        world.write("general", "bob", "read");
        begin();
        conversation.typed("/join random");
        world.settle();
        world.write("general", "bob", "unread");
        world.settle();
        conversation.switchToUnread();

        assertThat(seen.last().channel).isEqualTo("general");
        assertThat(seen.texts()).containsExactly("read", "unread");
        assertThat(seen.last().unread).isTrue();
        assertThat(conversation.status().tabs()).allMatch(tab -> tab.unread() == 0);
    }

    @Test
    void tellsHowMuchOfTheUnreadIsFurtherBackAndPagesThere() {
        begin();
        conversation.typed("/join random");
        world.settle();
        IntStream.range(0, 300).forEach(i -> world.write("general", "bob", "text " + i));
        world.settle();
        conversation.switchTo(1);
        assertThat(seen.told).contains(new Seen.Told(Notice.EARLIER_UNREAD, List.of(100L)));
        assertThat(seen.texts()).first().isEqualTo("text 100");

        conversation.typed("/older");
        world.answer();
        assertThat(seen.past).extracting(placed -> placed.message().text()).first().isEqualTo("text 80");
        assertThat(seen.past).hasSize(Conversation.PAGE);
    }

    @Test
    void pagesBackFromWhereTheScreenBeginsDownToTheBeginning() {
        IntStream.range(0, 50).forEach(i -> world.write("general", "bob", "text " + i));
        world.sink("general", 50);
        begin();
        for (int page = 0; page < 3; page++) {
            conversation.typed("/older");
            world.answer();
        }

        assertThat(seen.last().older).hasSize(30);
        assertThat(seen.told.get(seen.told.size() - 1).notice()).isEqualTo(Notice.BEGINNING);
    }

    @Test
    void goesOnLiveWithoutMongodbAndSaysWhyThereIsNoHistory() {
        world.mongodbUp = false;
        begin();
        world.write("general", "bob", "hi");
        world.deliver(1, 0);
        assertThat(seen.texts()).containsExactly("hi");
        assertThat(seen.notices()).contains(Notice.HISTORY_AWAY);

        conversation.typed("/older");
        world.answer();
        assertThat(seen.notices()).filteredOn(Notice.HISTORY_AWAY::equals).hasSize(2);
    }

    @Test
    void showsHistoryWithoutKafkaAndFillsInWhenItReturns() {
        world.write("general", "bob", "stored");
        world.sink("general", 1);
        conversation.start("general");
        world.kafkaGoes();
        world.answer();
        assertThat(seen.texts()).containsExactly("stored");

        world.write("general", "bob", "not stored");
        world.settle();
        assertThat(seen.texts()).containsExactly("stored", "not stored");
    }

    @Test
    void comesBackToAPageThatWasAllThatWasKnownOfAChannel() {
        world.mongodbUp = false;
        conversation.start("general");
        world.kafkaGoes();
        world.answer();
        world.write("general", "bob", "stored");
        world.sink("general", 1);
        world.mongodbUp = true;
        conversation.typed("/older");
        world.answer();
        conversation.typed("/join random");

        conversation.switchBy(1);
        assertThat(seen.texts()).containsExactly("stored");
    }

    @Test
    void tellsOfAGapThatCameWhileAnotherChannelWasLookedAt() {
        begin();
        world.write("general", "bob", "before");
        world.settle();
        conversation.typed("/join random");
        world.settle();
        world.kafkaGoes();
        world.write("general", "bob", "missed");
        world.sink("general", 2);
        world.trim("general", 2);
        world.write("general", "bob", "after");
        world.mongodbUp = false;
        world.settle();

        conversation.switchBy(1);
        assertThat(seen.notices()).endsWith(Notice.GAP);
        assertThat(seen.texts()).containsExactly("after");
    }

    @Test
    void doesNotLeaveAChannelWhereMessagesAreStillToComeBack() {
        begin();
        conversation.typed("hola");
        conversation.typed("/leave");
        assertThat(seen.told).contains(new Seen.Told(Notice.NOT_LEFT, List.of(1L, "general")));

        world.settle();
        conversation.typed("/leave");
        assertThat(conversation.status().channel()).isNull();
        assertThat(conversation.status().question()).isEqualTo(new Question.Channel());
    }

    @Test
    void goesBackToTheChannelBeforeWhenOneIsLeft() {
        begin();
        conversation.typed("/join random");
        world.settle();
        conversation.typed("/leave");

        assertThat(conversation.status().channel()).isEqualTo("general");
    }

    @Test
    void closesAChannelThatMayNotBeReadAndGoesOnInTheOthers() {
        begin();
        world.denied.add("secret");
        conversation.typed("/join secret");
        conversation.typed("hola");
        world.settle();

        assertThat(seen.told).contains(new Seen.Told(Notice.DENIED, List.of("secret", "not allowed")),
                new Seen.Told(Notice.NOT_SENT, List.of("not allowed", "hola")));
        assertThat(conversation.status().channel()).isEqualTo("general");
        assertThat(conversation.unsettled()).isZero();
        conversation.typed("to all");
        world.settle();
        assertThat(seen.texts()).containsExactly("to all");
    }

    @Test
    void closesAChannelThatMayNotBeReadAnyMore() {
        begin();
        conversation.typed("hola");
        conversation.denied("general", "not allowed");

        assertThat(seen.told).contains(new Seen.Told(Notice.DENIED, List.of("general", "not allowed")));
        assertThat(conversation.status().question()).isEqualTo(new Question.Channel());
        assertThat(conversation.unsettled()).isZero();
    }

    @Test
    void takesNoTextFromAPipeForTheNameOfAChannelOnceTheOneThatItWasMeantForIsClosed() {
        begin();
        conversation.denied("general", "not allowed");
        conversation.piped("hola");
        world.settle();

        assertThat(seen.told).contains(new Seen.Told(Notice.NOT_SENT, List.of("not allowed", "hola")));
        assertThat(conversation.status().channel()).isNull();
        conversation.piped("/join random");
        conversation.piped("hola");
        world.settle();
        assertThat(seen.texts()).containsExactly("hola");
    }

    @Test
    void saysOnceThatKafkaHasNoAnswerForAChannelAndGoesOnTrying() {
        begin();
        world.silent.add("random");
        conversation.typed("/join random");
        for (int i = 0; i < 5; i++) {
            world.answer();
        }
        assertThat(seen.told).filteredOn(told -> told.notice() == Notice.STILL_OPENING).containsExactly(
                new Seen.Told(Notice.STILL_OPENING, List.of("random")));

        world.silent.clear();
        world.write("random", "bob", "hi");
        world.settle();
        assertThat(seen.texts()).containsExactly("hi");
    }

    @Test
    void showsAPageThatWasAskedForBeforeAnotherQuestionFailed() {
        IntStream.range(0, 50).forEach(i -> world.write("general", "bob", "text " + i));
        world.sink("general", 50);
        begin();
        for (String question : List.of("/search text", "/users")) {
            int older = seen.last().older.size();
            world.mongodbUp = false;
            conversation.typed(question);
            conversation.typed("/older");
            world.answer();
            world.mongodbUp = true;
            world.answer();
            assertThat(seen.last().older).as(question).hasSizeGreaterThan(older);
        }
    }

    @Test
    void asksAgainForAPageWhenTheChannelWasOpenedAgain() {
        IntStream.range(0, 50).forEach(i -> world.write("general", "bob", "text " + i));
        world.sink("general", 50);
        begin();
        conversation.typed("/older");
        conversation.lost("general");
        world.settle();

        assertThat(seen.last().older).hasSize(Conversation.PAGE);
        conversation.typed("/older");
        world.settle();
        assertThat(seen.last().older).hasSize(30);
    }

    @Test
    void refusesATextAgainstTheRulesAtOnceHoweverLongItIs() {
        begin();
        conversation.typed("x".repeat(70_000));

        assertThat(seen.told.get(seen.told.size() - 1).arguments()).startsWith("TEXT_TOO_LONG");
        assertThat(conversation.unsettled()).isZero();
        assertThat(world.sent).hasSize(1);
    }

    @Test
    void takesTheNewNameWhenKafkaHasIt() {
        begin();
        conversation.typed("/nick Ana María");
        assertThat(conversation.displayName()).isEqualTo("Ana");

        world.settle();
        assertThat(conversation.displayName()).isEqualTo("Ana María");
        assertThat(seen.told).contains(new Seen.Told(Notice.NAME_CHANGED, List.of("Ana María")));
    }

    @Test
    void doesNotGoByANameThatIsRefused() {
        begin();
        conversation.typed("/nick " + "x".repeat(65));
        assertThat(seen.told.get(seen.told.size() - 1).arguments()).startsWith("INVALID_DISPLAY_NAME");
        assertThat(world.sent).hasSize(1);

        conversation.typed("/nick Ana María");
        conversation.acknowledged("id2");
        conversation.refused("id2", "RATE_LIMITED", "Too fast.");
        assertThat(conversation.displayName()).isEqualTo("Ana");
    }

    @Test
    void offersTheFourChoicesOfTheMenuByNumber() {
        begin();
        conversation.typed("/menu");
        conversation.typed("1");
        assertThat(conversation.status().question()).isEqualTo(new Question.Text());
        conversation.typed("hola");
        assertThat(text(1)).isEqualTo("hola");
        conversation.typed("/2");
        conversation.typed("random");
        assertThat(conversation.status().channel()).isEqualTo("random");
        world.settle();
        conversation.typed("/menu");
        conversation.typed("3");
        world.answer();
        assertThat(seen.notices()).contains(Notice.BEGINNING);
        conversation.typed("/4");

        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void sendsATextThatStartsWithASlashWhenItIsTypedWithTwo() {
        begin();
        conversation.typed("//quit is a command");

        assertThat(text(1)).isEqualTo("/quit is a command");
    }

    @Test
    void explainsWhatItDoesNotUnderstand() {
        begin();
        conversation.typed("/dance now");
        conversation.typed("/history many");
        conversation.typed("/nick");

        assertThat(seen.notices()).containsSubsequence(
                Notice.UNKNOWN_COMMAND, Notice.NO_COUNT, Notice.ARGUMENT_MISSING);
        assertThat(world.sent).hasSize(1);
    }

    @Test
    void completesTheNamesOfThoseWhoSpokeLast() {
        world.write("general", "bob", "one");
        world.write("general", "eve", "two");
        world.write("general", "bob", "three");
        begin();

        assertThat(conversation.nicks()).containsExactly("bob", "eve");
    }

    @Test
    void keepsABoundedNumberOfMessages() {
        begin();
        conversation.typed("/join random");
        world.settle();
        String long4000 = "x".repeat(4_000);
        IntStream.range(0, 1_000).forEach(i -> world.write("general", "bob", long4000));
        world.settle();
        conversation.switchTo(1);

        assertThat(seen.last().messages).hasSizeLessThanOrEqualTo(25);
    }

    private void begin() {
        conversation.start("general");
        world.settle();
    }

    private String text(int index) {
        return ((RawEvent.Message) world.sent.get(index)).text();
    }
}
