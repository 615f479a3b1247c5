package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.RawEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are changed, taken back, answered and thought of, and channels with rules. */
class ChangesTest {

    private final World world = new World();
    private final Seen seen = new Seen();
    private Conversation conversation;

    @BeforeEach
    void talk() {
        conversation = world.talk(seen);
    }

    @Test
    void editsTheLastOwnMessageInTheLine() {
        begin();
        conversation.typed("helo");
        world.settle();
        world.write("general", "bob", "hi");
        world.settle();

        assertThat(conversation.typed("/edit")).contains("helo");
        assertThat(conversation.status().question()).isInstanceOf(Question.Edit.class);
        assertThat(conversation.typed("hello")).isEmpty();
        world.settle();
        assertThat(lastSent(RawEvent.Edit.class)).returns("ana:id1", RawEvent.Edit::target).returns("hello", RawEvent.Edit::text);
        assertThat(seen.last().changes).hasSize(1);
        assertThat(seen.last().changes.get(0).target().orElseThrow().message().text()).isEqualTo("helo");
        conversation.typed("next");
        assertThat(lastSent(RawEvent.Message.class).text()).isEqualTo("next");
    }

    @Test
    void editsAMessageThatHasNotComeBackAndNotTheOneBeforeIt() {
        begin();
        conversation.typed("first tpyo");
        world.settle();
        conversation.typed("second tpyo");
        conversation.typed("s/tpyo/typo/");
        conversation.typed("s/second/2nd/");

        world.settle();
        assertThat(seen.texts()).containsExactly("first tpyo", "second tpyo");
        assertThat(texts()).containsExactly("first tpyo", "2nd typo");
    }

    @Test
    void sendsAnEditBehindItsMessageWhenKafkaReturns() {
        begin();
        world.kafkaGoes();
        conversation.typed("helo");
        conversation.typed("s/helo/hello/");
        conversation.typed("next");
        world.settle();

        assertThat(world.sent.stream().map(RawEvent::type)).endsWith(
                RawEvent.Type.MESSAGE, RawEvent.Type.EDIT, RawEvent.Type.MESSAGE);
        assertThat(texts()).containsExactly("hello", "next");
    }

    @Test
    void saysWhatIsNotInTheMessageAndGivesTheLineBack() {
        begin();
        conversation.typed("hello");
        world.settle();

        assertThat(conversation.typed("s/absent/x/")).contains("s/absent/x/");
        assertThat(seen.told).contains(new Seen.Told(Notice.NOT_IN_IT, List.of("absent", "hello")));
        conversation.typed("s/hello/hello/");
        assertThat(seen.notices()).endsWith(Notice.NOT_CHANGED);
        conversation.typed("/1 s/he/she/");
        assertThat(lastSent(RawEvent.Message.class).text()).isEqualTo("s/he/she/");
    }

    @Test
    void doesNotOverwriteWhatCameFromAnotherDeviceUnlessToldTwice() {
        begin();
        PlacedMessage mine = world.write("general", World.ME, "one");
        world.settle();
        conversation.typed("/edit");
        world.edit(mine, "two");
        world.settle();

        assertThat(conversation.typed("three")).contains("three");
        assertThat(seen.told).contains(new Seen.Told(Notice.CHANGED_MEANWHILE, List.of("two")));
        assertThat(conversation.typed("three")).isEmpty();
        world.settle();
        assertThat(texts()).containsExactly("three");
    }

    @Test
    void doesNotEditWhatWasTakenBackMeanwhileNorSendItAsAMessage() {
        begin();
        PlacedMessage mine = world.write("general", World.ME, "one");
        world.settle();
        conversation.typed("/edit");
        world.delete(mine, "carol");
        world.settle();

        assertThat(conversation.typed("two")).isEmpty();
        assertThat(seen.notices()).endsWith(Notice.TARGET_DELETED);
        assertThat(world.sent).hasSize(1);
        assertThat(conversation.typed("/edit")).isEmpty();
        assertThat(seen.notices()).endsWith(Notice.NOTHING_TO_CHOOSE);
    }

    @Test
    void doesNotEditWhatWasRefused() {
        begin();
        conversation.typed("bad words");
        conversation.typed("/edit");
        world.settle();

        conversation.typed("good words");
        assertThat(seen.notices()).endsWith(Notice.TARGET_REFUSED);
        assertThat(world.sent).hasSize(2);
    }

    @Test
    void doesNotEditInAChannelThatWasClosedMeanwhile() {
        begin();
        conversation.typed("/join random");
        world.write("random", World.ME, "one");
        world.settle();
        conversation.typed("/edit");
        conversation.switchTo(1);
        conversation.denied("random", "not allowed");

        assertThat(conversation.typed("two")).isEmpty();
        assertThat(seen.told).contains(new Seen.Told(Notice.TARGET_CLOSED, List.of("random")));
        assertThat(world.sent).hasSize(1);
    }

    @Test
    void givesBackAnEditThatDoesNotFitIntoTheQueueAndIsStillAnEditThen() {
        begin();
        world.write("general", World.ME, "one");
        world.settle();
        world.kafkaGoes();
        IntStream.range(0, Outbox.CAPACITY).forEach(i -> conversation.typed("text " + i));
        PlacedMessage chosen = world.topic("general").get(0);
        assertThat(conversation.typed("s/text 999/x/")).contains("s/text 999/x/");
        conversation.chooseBy(-1);
        assertThat(conversation.status().chosen().orElseThrow().message().id()).isEqualTo(chosen.message().id());
        assertThat(conversation.typed("/edit")).contains("one");
        assertThat(conversation.typed("two")).contains("two");
        assertThat(conversation.status().question()).isInstanceOf(Question.Edit.class);
        world.settle();
        conversation.typed("two");
        world.settle();
        assertThat(texts()).startsWith("two").hasSize(Outbox.CAPACITY);
    }

    @Test
    void editsTextsThatBeginWithASlashAndHaveSeveralLines() {
        begin();
        conversation.typed("//bin/ls");
        world.settle();
        assertThat(conversation.typed("/edit")).contains("//bin/ls");
        conversation.typed("//bin/ls -l");
        world.settle();
        assertThat(conversation.typed("/edit")).contains("//bin/ls -l");
        conversation.typed("/quit\nand more");
        world.settle();
        assertThat(texts()).containsExactly("/quit\nand more");
        assertThat(conversation.isOver()).isFalse();
        conversation.typed("/me waves");
        world.settle();
        assertThat(conversation.typed("/edit")).contains("/me waves");
        conversation.typed("/me sleeps");
        world.settle();
        assertThat(texts()).endsWith("/me sleeps");
    }

    @Test
    void choosesUpAndDownAndKeepsToWhatIsChosenWhateverComes() {
        world.write("general", "bob", "one");
        world.write("general", "eve", "two");
        begin();
        conversation.chooseBy(-1);
        conversation.chooseBy(-1);
        conversation.chooseBy(-1);
        assertThat(chosen()).contains("one");
        conversation.chooseBy(1);
        assertThat(chosen()).contains("two");
        IntStream.range(0, 300).forEach(i -> world.write("general", "bob", "more " + i));
        world.settle();
        assertThat(chosen()).contains("two");

        conversation.typed("yes");
        assertThat(lastSent(RawEvent.Message.class).replyTo()).contains("eve:m1");
        assertThat(chosen()).isEmpty();
        conversation.typed("plain");
        assertThat(lastSent(RawEvent.Message.class).replyTo()).isEmpty();
        conversation.chooseBy(-1);
        conversation.chooseBy(1);
        assertThat(chosen()).isEmpty();
    }

    @Test
    void letsGoOfWhatIsChosenWithAnEmptyLineOrCtrlCAndElsewhere() {
        world.write("general", "bob", "one");
        begin();
        conversation.chooseBy(-1);
        conversation.typed("");
        assertThat(chosen()).isEmpty();
        conversation.chooseBy(-1);
        conversation.interrupted("");
        assertThat(chosen()).isEmpty();
        conversation.chooseBy(-1);
        conversation.typed("/join random");
        assertThat(chosen()).isEmpty();
        world.settle();
        conversation.typed("not an answer");
        assertThat(lastSent(RawEvent.Message.class).replyTo()).isEmpty();
    }

    @Test
    void choosesFromThePageThatIsOnTheScreen() {
        IntStream.range(0, 50).forEach(i -> world.write("general", "bob", "text " + i));
        world.sink("general", 50);
        begin();
        conversation.typed("/older");
        world.answer();
        conversation.chooseBy(-1);
        assertThat(chosen()).contains("text 29");
        conversation.typed("");
        conversation.typed("/choose text 11");
        assertThat(chosen()).contains("text 11");
        conversation.typed("/choose 2");
        assertThat(chosen()).contains("text 28");
        conversation.typed("/choose nothing of the kind");
        assertThat(seen.notices()).endsWith(Notice.NOTHING_TO_CHOOSE);
    }

    @Test
    void showsWhatItWouldHitBeforeItDoes() {
        world.write("general", "bob", "his");
        world.write("general", World.ME, "mine");
        begin();
        assertThat(conversation.typed("/delete")).contains("/delete");
        assertThat(chosen()).contains("mine");
        assertThat(world.sent).hasSize(1);
        world.write("general", World.ME, "from another device");
        world.settle();
        assertThat(conversation.typed("/delete")).isEmpty();
        assertThat(lastSent(RawEvent.Deletion.class).target()).isEqualTo("ana:m1");

        assertThat(conversation.typed("/react 👍 🎉")).contains("/react 👍 🎉");
        assertThat(chosen()).contains("his");
        conversation.typed("/react 👍 🎉");
        assertThat(lastSent(RawEvent.Reaction.class)).returns(List.of("👍", "🎉"), RawEvent.Reaction::reactions);
        conversation.typed("/react x");
        conversation.typed("/react x");
        assertThat(seen.told.get(seen.told.size() - 1).arguments()).startsWith("INVALID_REACTION");
    }

    @Test
    void anotherPersonsMessageIsNotEdited() {
        world.write("general", "bob", "his");
        begin();
        conversation.chooseBy(-1);

        assertThat(conversation.typed("/edit")).isEmpty();
        assertThat(conversation.typed("s/his/mine/")).isEmpty();
        assertThat(seen.notices()).endsWith(Notice.NOT_YOURS, Notice.NOT_YOURS);
        assertThat(world.sent).hasSize(1);
    }

    @Test
    void doesNotAnswerWhatWasTakenBackMeanwhile() {
        PlacedMessage his = world.write("general", "bob", "his");
        begin();
        conversation.chooseBy(-1);
        world.delete(his, "bob");
        world.settle();

        conversation.typed("/react 👍");
        assertThat(seen.notices()).endsWith(Notice.TARGET_DELETED);
        assertThat(world.sent).hasSize(1);
    }

    @Test
    void showsNothingThatChangesAMessageWhichWasTakenBackOrIsAnothers() {
        PlacedMessage his = world.write("general", "bob", "his");
        begin();
        world.delete(his, "bob");
        world.edit(his, "his again");
        world.react(his, "eve", "👍");
        world.settle();
        assertThat(seen.last().changes).extracting(changed -> changed.change().record().type())
                .containsExactly(RawEvent.Type.DELETION);

        PlacedMessage other = world.write("general", "bob", "other");
        world.forge(new ChannelRecord.Edit("f", "general", new Author("eve", "eve"), other.message().id(),
                "forged", 1, 1));
        world.settle();
        assertThat(seen.last().changes).hasSize(1);
        assertThat(conversation.known(other.message().id()).orElseThrow().message().text()).isEqualTo("other");
    }

    @Test
    void showsMessagesAsTheyStandWhenAChannelIsLookedAtAgain() {
        PlacedMessage one = world.write("general", "bob", "one");
        begin();
        conversation.typed("/join random");
        world.settle();
        PlacedMessage two = world.write("general", "bob", "two");
        world.edit(two, "two, anew");
        world.edit(one, "one, anew");
        world.react(one, "eve", "👍");
        world.settle();
        assertThat(conversation.status().tabs().get(0).unread()).isEqualTo(1);

        conversation.switchTo(1);
        assertThat(seen.texts()).containsExactly("one, anew", "two, anew");
        assertThat(seen.last().changes).isEmpty();
        assertThat(seen.last().messages.get(0).reactions()).hasSize(1);
    }

    @Test
    void tellsOfChangesOfOlderMessagesWithoutTheirTextsWhenAChannelIsLookedAtAgain() {
        PlacedMessage first = world.write("general", "bob", "first");
        IntStream.range(0, 20).forEach(i -> world.write("general", "bob", "text " + i));
        begin();
        conversation.typed("/join random");
        world.settle();
        world.edit(first, "secret");
        world.delete(first, "bob");
        world.settle();

        conversation.switchTo(1);
        assertThat(seen.last().changes).extracting(changed -> changed.change().record().type())
                .containsExactly(RawEvent.Type.DELETION);
    }

    @Test
    void showsOfALongPageTheLastMessagesThatAreNotTooMuchAndGoesOnInFrontOfThem() {
        String text = "😀".repeat(3_990);
        IntStream.range(0, 200).forEach(i -> world.write("general", "bob", text + i));
        world.sink("general", 200);
        begin();
        conversation.typed("/history 1000");
        world.answer();
        assertThat(seen.past).hasSizeBetween(10, 100).last().returns(text + 199, placed -> placed.message().text());
        assertThat(seen.told).contains(new Seen.Told(Notice.CUT_SHORT, List.of(seen.past.size(), 200)));
        int next = 199 - seen.past.size();
        conversation.typed("/older");
        world.answer();
        assertThat(seen.past).hasSize(Conversation.PAGE).last().returns(text + next, placed -> placed.message().text());
    }

    @Test
    void keepsTheNewestTextWhereMongodbIsBehindAndKafkaAway() {
        PlacedMessage one = world.write("general", "bob", "one");
        world.sink("general", 1);
        begin();
        world.edit(one, "two");
        world.settle();
        world.kafkaGoes();
        conversation.typed("/history");
        world.answer();

        assertThat(seen.past).extracting(placed -> placed.message().text()).containsExactly("two");
    }

    @Test
    void tellsWhatChangedWhileAChannelCouldNotBeFollowed() {
        PlacedMessage one = world.write("general", "bob", "one");
        PlacedMessage two = world.write("general", "bob", "two");
        world.react(two, "eve", "👍");
        begin();
        world.edit(one, "one, anew");
        world.react(two, "eve");
        world.sink("general", 9);
        world.lose("general");
        world.settle();

        assertThat(seen.last().changes).extracting(changed -> changed.change().record().type())
                .containsExactlyInAnyOrder(RawEvent.Type.EDIT, RawEvent.Type.REACTION);
        assertThat(conversation.known(two.message().id()).orElseThrow().reactions()).isEmpty();
    }

    @Test
    void toldOfRulesByNameOrIdAndNeverOfTheWrongPerson() {
        world.names.put("bob", "Roberto");
        world.names.put("eve", "bob");
        world.write("general", "bob", "hi");
        world.write("general", "eve", "hi");
        begin();
        conversation.typed("/mute bob 10m");
        assertThat(lastSent(RawEvent.Rule.class)).returns("bob", RawEvent.Rule::value)
                .returns(OptionalLong.of(world.now + 600_000), RawEvent.Rule::until);
        conversation.typed("/mute @ROBERTO");
        world.settle();
        assertThat(lastSent(RawEvent.Rule.class)).returns("bob", RawEvent.Rule::value)
                .returns(OptionalLong.empty(), RawEvent.Rule::until);
        world.names.put("mallory", "Roberto");
        world.write("general", "mallory", "hi");
        world.settle();
        int sent = world.sent.size();
        conversation.typed("/unmute Roberto");
        assertThat(seen.told).contains(new Seen.Told(Notice.SEVERAL_CALLED, List.of("Roberto", "bob, mallory")));
        conversation.typed("/op Somebody Else");
        assertThat(seen.notices()).endsWith(Notice.NOBODY_CALLED);
        assertThat(world.sent).hasSize(sent);
        conversation.typed("/op somebody");
        assertThat(lastSent(RawEvent.Rule.class).value()).isEqualTo("somebody");
    }

    @Test
    void meansWhomTheRulesNameAndNobodyWhoGoesByThatId() {
        world.names.put("mallory", "bob");
        world.write("general", "mallory", "hi");
        begin();
        conversation.ruled(rules("general", "", 0, List.of(new ChannelRules.Mute("bob", OptionalLong.empty()))));
        conversation.typed("/unmute bob");
        assertThat(rule(ChannelRule.UNMUTE)).isEqualTo("bob");
    }

    @Test
    void meansByANameTheUserWhoseIdItIsThoughSomebodyElseGoesByIt() {
        world.names.put("mallory", "bob");
        world.users.addAll(List.of("bob", "mallory"));
        world.write("general", "mallory", "hi");
        begin();
        conversation.typed("/op bob");
        world.settle();
        assertThat(rule(ChannelRule.MODERATOR)).isEqualTo("bob");

        world.users.remove("bob");
        conversation.typed("/op bob");
        world.settle();
        assertThat(rule(ChannelRule.MODERATOR)).isEqualTo("mallory");

        int sent = world.sent.size();
        world.mongodbUp = false;
        conversation.typed("/op bob");
        world.settle();
        assertThat(seen.told).contains(new Seen.Told(Notice.WHO_IS_UNSURE, List.of("bob", "mallory")));
        assertThat(world.sent).hasSize(sent);
    }

    @Test
    void quotesWhatAnArrivingMessageAnswersThoughThatIsLongAgo() {
        begin();
        PlacedMessage longAgo = new PlacedMessage(0, new ChannelMessage("old", "general", new Author("bob", "bob"),
                "what was it?", Optional.empty(), 1, 1));
        PlacedRecord answer = new PlacedRecord(1_000, new ChannelMessage("new", "general", new Author("eve", "eve"), "this",
                Optional.of("bob:old"), 2, 2));
        assertThat(conversation.unknownAnswered("general", List.of(answer))).containsExactly("bob:old");
        conversation.arrived("general", List.of(answer), List.of(longAgo));
        assertThat(conversation.known("bob:old").orElseThrow().message().text()).isEqualTo("what was it?");
        assertThat(conversation.unknownAnswered("general", List.of(answer))).isEmpty();
    }

    @Test
    void saysOfNoChannelThatNothingIsRuledThereWhereThatMayNotBeRead() {
        begin();
        conversation.rulesDenied();
        world.now += 2 * Rulings.SETTLED_MS;
        conversation.typed("/rules");
        assertThat(seen.rules).isNull();
        assertThat(seen.notices()).endsWith(Notice.RULES_UNKNOWN);
    }

    @Test
    void forgetsRulesThatAreDeleted() {
        begin();
        conversation.ruled(rules("general", "All of it", 600, List.of()));
        settleRules();
        conversation.ruled(ChannelRules.none("general"));
        conversation.typed("/rules");
        assertThat(seen.rules).isEqualTo(ChannelRules.none("general"));
        assertThat(conversation.status().slowFor()).isZero();
    }

    @Test
    void understandsWhatIsRuled() {
        begin();
        conversation.typed("/mute bob 1h30m");
        assertThat(lastSent(RawEvent.Rule.class)).returns("bob", RawEvent.Rule::value)
                .returns(OptionalLong.of(world.now + 5_400_000), RawEvent.Rule::until);
        conversation.typed("/title  What we talk about ");
        assertThat(rule(ChannelRule.TITLE)).isEqualTo("What we talk about");
        conversation.typed("/title -");
        assertThat(rule(ChannelRule.TITLE)).isEmpty();
        conversation.typed("/slow 5m");
        assertThat(rule(ChannelRule.SLOW_MODE)).isEqualTo("300");
        conversation.typed("/slow off");
        assertThat(rule(ChannelRule.SLOW_MODE)).isEqualTo("0");
        conversation.typed("/posting Verified");
        assertThat(rule(ChannelRule.POSTING)).isEqualTo("verified");
        int sent = world.sent.size();
        conversation.typed("/posting nobody");
        assertThat(seen.told.get(seen.told.size() - 1).arguments()).startsWith("INVALID_RULE");
        conversation.typed("/slow soon");
        conversation.typed("/mute");
        assertThat(seen.notices()).endsWith(Notice.NO_SPAN, Notice.ARGUMENT_MISSING);
        assertThat(world.sent).hasSize(sent);
    }

    @Test
    void tellsWhatAChannelIsAboutOnceAndWhoIsMutedByWhomAndUntilWhen() {
        conversation.ruled(rules("random", "Anything", 0, List.of(new ChannelRules.Mute(World.ME, OptionalLong.of(world.now + 9_999)))));
        begin();
        conversation.typed("/join random");
        conversation.ruled(rules("general", "", 0, List.of()));
        settleRules();
        conversation.ruled(rules("general", "All of it", 0, List.of()));
        conversation.switchTo(1);
        assertThat(seen.told).filteredOn(told -> told.notice() == Notice.TITLE).hasSize(1);
        settleRules();
        conversation.switchTo(2);
        conversation.switchTo(1);
        settleRules();
        assertThat(seen.told).filteredOn(told -> told.notice() == Notice.TITLE).containsExactly(
                new Seen.Told(Notice.TITLE, List.of("random", "Anything")),
                new Seen.Told(Notice.TITLE, List.of("general", "All of it")));
        assertThat(seen.told).contains(
                new Seen.Told(Notice.MUTED_HERE, List.of("random", OptionalLong.of(1_763_791_200_000L + 9_999))));
        conversation.ruled(rules("general", "Another", 0, List.of()));
        world.rule("general", "carol", ChannelRule.TITLE, "Another", OptionalLong.empty());
        world.settle();
        settleRules();
        assertThat(seen.told).filteredOn(told -> told.notice() == Notice.TITLE).as("told of in the channel").hasSize(2);

        world.settle();
        world.names.put("carol", "Carol");
        world.rule("general", "carol", ChannelRule.MUTE, World.ME, OptionalLong.of(5));
        world.rule("general", "carol", ChannelRule.MUTE, "bob", OptionalLong.empty());
        world.settle();
        assertThat(seen.told).filteredOn(told -> told.notice() == Notice.MUTED_BY).containsExactly(
                new Seen.Told(Notice.MUTED_BY, List.of("Carol", "carol", "general", OptionalLong.of(5))));
    }

    @Test
    void saysOfNoChannelThatNothingWasRuledThereBeforeKafkaHasSaidSo() {
        conversation.start("general");
        conversation.typed("/rules");
        world.kafkaReturns();
        conversation.typed("/rules");
        assertThat(seen.rules).isNull();
        assertThat(seen.notices()).endsWith(Notice.RULES_UNKNOWN);
        conversation.ruled(rules("general", "All of it", 0, List.of()));
        conversation.typed("/rules");
        assertThat(seen.rules.title()).isEqualTo("All of it");
        conversation.typed("/join random");
        world.now += Rulings.SETTLED_MS;
        conversation.typed("/rules");
        assertThat(seen.rules).isEqualTo(ChannelRules.none("random"));
    }

    @Test
    void remembersNoMoreRulesThanItCanHold() {
        begin();
        conversation.ruled(rules("general", "All of it", 0, List.of()));
        settleRules();
        List<ChannelRules.Mute> many = IntStream.range(0, ChannelRules.MAX_MUTED)
                .mapToObj(i -> new ChannelRules.Mute("u".repeat(60) + i, OptionalLong.empty())).toList();
        IntStream.range(0, 200).forEach(i -> conversation.ruled(rules("c" + i, "", 0, many)));
        conversation.typed("/rules");
        assertThat(seen.rules.title()).isEqualTo("All of it");
        conversation.typed("/join c0");
        conversation.typed("/rules");
        assertThat(seen.notices()).endsWith(Notice.RULES_UNKNOWN);
        conversation.typed("/join c199");
        conversation.typed("/rules");
        assertThat(seen.rules.muted()).hasSize(ChannelRules.MAX_MUTED);
    }

    @Test
    void givesBackWhatSlowModeWouldRefuseAndSaysHowLong() {
        conversation.ruled(rules("general", "", 30, List.of()));
        begin();
        conversation.typed("one");
        assertThat(conversation.typed("two")).contains("two");
        world.settle();
        world.now += 20_000;
        assertThat(conversation.status().slowFor()).isEqualTo(10);
        assertThat(conversation.typed("three")).contains("three");
        assertThat(seen.told).contains(new Seen.Told(Notice.SLOWED, List.of(10L)));
        conversation.typed("s/one/1/");
        assertThat(lastSent(RawEvent.Edit.class).text()).isEqualTo("1");
        world.now += 10_000;
        assertThat(conversation.typed("three")).isEmpty();
        assertThat(conversation.typed("four")).contains("four");
        assertThat(conversation.typed("four")).as("told twice").isEmpty();
    }

    @Test
    void slowsNoModeratorAndNoPipe() {
        conversation.ruled(new ChannelRules("general", "", Optional.of(World.ME), List.of(), ChannelRules.Posting.EVERYONE, 30,
                List.of(), 1));
        conversation.ruled(rules("random", "", 30, List.of()));
        begin();
        conversation.typed("one");
        assertThat(conversation.typed("two")).isEmpty();
        conversation.typed("/join random");
        world.settle();
        assertThat(conversation.piped("one")).isEmpty();
        assertThat(conversation.piped("two")).isEmpty();
        world.settle();
        assertThat(world.topic("random")).hasSize(2);
    }

    @Test
    void waitsForNoRecordThatStandsInFrontOfWhereAChannelGoesOn() {
        begin();
        world.write("general", World.ME, "one");
        world.settle();
        conversation.typed("s/one/two/");
        RawEvent.Edit edit = lastSent(RawEvent.Edit.class);
        world.forge(new ChannelRecord.Edit(
                edit.messageId(), "general", new Author(World.ME, "Ana"), edit.target(), "two", 1, 1));
        world.lose("general");
        world.answer();
        conversation.inputEnded();
        assertThat(conversation.isOver()).as("Kafka may not have it").isFalse();

        conversation.acknowledged(edit.messageId());
        assertThat(conversation.status().pending()).isEmpty();
        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void endsWhenTheLastThatWasWaitedForStandsInFrontOfWhereAChannelGoesOn() {
        world.write("general", "bob", "one");
        begin();
        conversation.typed("/react 👍");
        conversation.typed("/react 👍");
        conversation.acknowledged(lastSent(RawEvent.Reaction.class).messageId());
        conversation.inputEnded();
        world.lose("general");
        world.answer();

        assertThat(conversation.isOver()).isTrue();
    }

    @Test
    void waitsForNoMessageThatMayStandWhereNobodyHasRead() {
        begin();
        conversation.typed("mine");
        conversation.acknowledged(lastSent(RawEvent.Message.class).messageId());
        IntStream.range(0, 20).forEach(i -> world.write("general", "bob", "text " + i));
        world.lose("general");
        world.answer();
        assertThat(conversation.unsettled()).as("is to come").isEqualTo(1);

        IntStream.range(0, 300).forEach(i -> world.write("general", "bob", "more " + i));
        world.lose("general");
        world.answer();
        assertThat(seen.notices()).contains(Notice.GAP);
        assertThat(conversation.unsettled()).isZero();
    }

    @Test
    void tellsThatAChangeWasRefusedThoughItsChannelHasGoneOnElsewhere() {
        begin();
        world.write("general", World.ME, "one");
        world.settle();
        conversation.typed("s/one/two/");
        String id = lastSent(RawEvent.Edit.class).messageId();
        conversation.acknowledged(id);
        world.lose("general");
        world.answer();
        assertThat(conversation.unsettled()).isZero();

        conversation.refused(id, "MUTED", "You are muted.");
        assertThat(seen.told).contains(new Seen.Told(Notice.REFUSED, List.of("MUTED", "You are muted.", "two")));
        assertThat(conversation.hasFailed()).isTrue();
    }

    @Test
    void editsAMessageThatCameBackHoweverMuchCameBehindIt() {
        begin();
        conversation.typed("helo");
        assertThat(conversation.typed("/edit")).contains("helo");
        world.settle();
        IntStream.range(0, 300).forEach(i -> world.write("general", "bob", "more " + i));
        world.settle();

        conversation.typed("hello");
        world.settle();
        assertThat(texts()).startsWith("hello");
    }

    @Test
    void knowsWhatBecameOfWhatIsChosenHoweverMuchCameBehindIt() {
        PlacedMessage his = world.write("general", "bob", "his");
        begin();
        conversation.typed("/choose his");
        IntStream.range(0, 300).forEach(i -> world.write("general", "eve", "more " + i));
        world.settle();
        world.delete(his, "bob");
        world.settle();
        conversation.typed("too late");
        assertThat(seen.notices()).endsWith(Notice.TARGET_DELETED);

        conversation.typed("helo");
        conversation.typed("/edit");
        world.settle();
        PlacedMessage mine = world.topic("general").get(301);
        IntStream.range(0, 300).forEach(i -> world.write("general", "eve", "still more " + i));
        world.settle();
        world.edit(mine, "from another device");
        world.settle();
        assertThat(conversation.typed("hello")).contains("hello");
        assertThat(seen.told).contains(new Seen.Told(Notice.CHANGED_MEANWHILE, List.of("from another device")));
    }

    @Test
    void doesInAPipeAtOnceWhatAPersonIsShownFirst() {
        world.write("general", "bob", "his");
        world.write("general", World.ME, "mine");
        begin();
        conversation.piped("/reply yes");
        assertThat(lastSent(RawEvent.Message.class)).returns("yes", RawEvent.Message::text)
                .returns(Optional.of("bob:m0"), RawEvent.Message::replyTo);
        conversation.piped("/react 👍");
        assertThat(lastSent(RawEvent.Reaction.class).target()).isEqualTo("bob:m0");
        world.settle();
        conversation.piped("/delete");
        world.settle();
        conversation.piped("/delete");
        world.settle();
        assertThat(texts()).containsExactly("his", "", "");
        assertThat(conversation.hasFailed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin is full", "/delete", "/reply yes", "s/a/b/", "/mute Somebody Else", "/slow soon",
            "/choose nothing", "/join ¿?"})
    void hasFailedWhereSomethingCouldNotBeDone(String line) {
        begin();
        assertThat(conversation.hasFailed()).isFalse();
        conversation.piped(line);

        assertThat(world.sent).hasSize(1);
        assertThat(conversation.hasFailed()).isTrue();
    }

    private void settleRules() {
        world.now += Rulings.SETTLED_MS;
        conversation.tick();
    }

    private static ChannelRules rules(String channel, String title, int slow, List<ChannelRules.Mute> muted) {
        return new ChannelRules(channel, title, Optional.of("carol"), List.of(), ChannelRules.Posting.EVERYONE, slow, muted, 1);
    }

    private void begin() {
        conversation.start("general");
        world.settle();
    }

    private Optional<String> chosen() {
        return conversation.status().chosen().map(placed -> placed.message().text());
    }

    private List<String> texts() {
        return world.topic("general").stream().map(placed -> placed.message().text()).toList();
    }

    private String rule(ChannelRule rule) {
        RawEvent.Rule last = lastSent(RawEvent.Rule.class);
        assertThat(last.rule()).isEqualTo(rule);
        return last.value();
    }

    private <E extends RawEvent> E lastSent(Class<E> type) {
        List<E> sent = world.sent.stream().filter(type::isInstance).map(type::cast).toList();
        return sent.get(sent.size() - 1);
    }
}
