package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.charla.protocol.ChannelRule.MODERATOR;
import static org.charla.protocol.ChannelRule.MUTE;
import static org.charla.protocol.ChannelRule.NO_MODERATOR;
import static org.charla.protocol.ChannelRule.OWNER;
import static org.charla.protocol.ChannelRule.POSTING;
import static org.charla.protocol.ChannelRule.SLOW_MODE;
import static org.charla.protocol.ChannelRule.TITLE;
import static org.charla.protocol.ChannelRule.UNMUTE;
import static org.charla.streams.Pipeline.settings;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.ChannelRules.Mute;
import org.charla.protocol.ChannelRules.Posting;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RawEvent.Rule;
import org.charla.protocol.Rejection;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice owns #general, mod is moderator there, bob is somebody, root is operator, guest has claimed nothing. */
class ChannelRulesTest {

    private static final SigningKey OPERATOR = SigningKey.generate();

    @TempDir
    Path stateDir;
    private Pipeline pipeline;

    @BeforeEach
    void open() {
        pipeline("operators", "root=" + OPERATOR.publicKey());
        for (String user : List.of("alice", "mod", "bob")) {
            pipeline.claim(user);
        }
        pipeline.send(new RawEvent.Profile(pipeline.nextId(), "root", "Root", pipeline.now()), OPERATOR);
        pipeline.profile("guest", "Guest");
        pipeline.sign(message("alice", "mine"));
        rule("alice", MODERATOR, "mod");
        pipeline.channelRecords("general");
        pipeline.assertNothingRejected();
    }

    private void pipeline(String... settings) {
        close();
        pipeline = new Pipeline(stateDir, settings(settings));
    }

    @AfterEach
    void close() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private RawEvent.Message message(String userId, String text) {
        return message(userId, "general", text);
    }

    private RawEvent.Message message(String userId, String channel, String text) {
        return new RawEvent.Message(pipeline.nextId(), userId, channel, text, pipeline.now());
    }

    private Rule ruling(String userId, String channel, ChannelRule rule, String value, OptionalLong until) {
        return new Rule(pipeline.nextId(), userId, channel, rule, value, until, pipeline.now());
    }

    /** As whoever it is does it: signed, with the operator's key, or not at all. */
    private void send(RawEvent event) {
        switch (event.userId()) {
            case "guest" -> pipeline.send(event);
            case "root" -> pipeline.send(event, OPERATOR);
            default -> pipeline.sign(event);
        }
    }

    private Rule rule(String userId, ChannelRule rule, String value) {
        Rule event = ruling(userId, "general", rule, value, OptionalLong.empty());
        send(event);
        return event;
    }

    private void mute(String userId, Duration duration) {
        send(ruling("alice", "general", MUTE, userId, OptionalLong.of(pipeline.now() + duration.toMillis())));
    }

    private ChannelRules general() {
        return pipeline.rules("general");
    }

    private void assertRefused(String... codes) {
        assertThat(pipeline.rejectionCodes()).containsExactly(codes);
    }

    @Nested
    class AChannel {

        @Test
        void belongsToTheAuthorOfItsFirstSignedMessage() {
            send(message("guest", "plaza", "first of all"));
            send(message("bob", "plaza", "first signed"));
            send(message("alice", "plaza", "too late"));
            assertThat(pipeline.rules("plaza")).isEqualTo(new ChannelRules("plaza", "", Optional.of("bob"), List.of(),
                    Posting.EVERYONE, 0, List.of(), pipeline.now()));
            assertThat(pipeline.channelRecords("plaza")).extracting(record -> record.value().type())
                    .containsOnly(RawEvent.Type.MESSAGE);
        }

        @Test
        void belongsToOneOfTwoWhoAreFirstAtOnce() {
            pipeline.held = true;
            send(message("bob", "plaza", "mine?"));
            send(message("alice", "plaza", "or mine?"));
            pipeline.release();
            assertThat(pipeline.rules("plaza").owner()).contains("bob");
            send(ruling("alice", "plaza", TITLE, "Mine", OptionalLong.empty()));
            assertRefused("NOT_ALLOWED");
        }

        @Test
        void isClaimedOnceByHoweverManyMessages() {
            pipeline.held = true;
            int before = pipeline.rules().size();
            for (int i = 0; i < 100; i++) {
                send(message("bob", "plaza", "mine"));
            }
            pipeline.release();
            assertThat(pipeline.rules()).hasSize(before + 1);
        }

        @Test
        void isNobodysByMessagesThatTheirAuthorsDidNotSign() {
            send(message("guest", "plaza", "x"));
            pipeline.send(message("guest", "plaza", "imported"), OPERATOR);
            send(new RawEvent.Edit(pipeline.nextId(), "bob", "general", "bob:x", "y", pipeline.now()));
            assertThat(pipeline.rules("plaza").owner()).isEmpty();
        }

        @Test
        void isNobodysWhereTheSettingsSaySo() {
            pipeline("channels.owned", "false", "operators", "root=" + OPERATOR.publicKey());
            pipeline.claim("alice");
            pipeline.send(new RawEvent.Profile(pipeline.nextId(), "root", "Root", pipeline.now()), OPERATOR);
            send(message("alice", "not mine"));
            assertThat(pipeline.rules()).isEmpty();
            rule("alice", TITLE, "Mine");
            assertRefused("NOT_ALLOWED");
            rule("root", OWNER, "alice");
            rule("alice", TITLE, "Mine");
            assertThat(general().title()).isEqualTo("Mine");
        }

        @Test
        void keepsItsOwnerThoughWhatIsKnownOfItWasLost() {
            rule("alice", TITLE, "The square");
            ChannelRules before = general();
            int records = pipeline.rules().size();
            pipeline.pipeRules("general".getBytes(UTF_8), null);
            pipeline.pass(Duration.ofMinutes(1));
            send(message("bob", "is it mine now?"));
            assertThat(pipeline.rules()).hasSize(records + 1);
            assertThat(general()).isEqualTo(before);
            rule("bob", TITLE, "Mine");
            assertRefused("NOT_ALLOWED");
        }

        @Test
        void isRuledBySomebodyElseWhoeverClaimedAnOperatorsIdBefore() {
            pipeline();
            pipeline.claim("root");
            pipeline.claim("alice");
            send(message("alice", "mine"));
            pipeline.sign(ruling("root", "general", TITLE, "Not an operator's", OptionalLong.empty()));
            assertRefused("NOT_ALLOWED");
        }
    }

    @Nested
    class ARule {

        @ParameterizedTest
        @CsvSource({
            "title, The square, alice mod root", "posting, verified, alice mod root", "slow-mode, 30, alice mod root",
            "mute, carol, alice mod root", "unmute, carol, alice mod root", "moderator, carol, alice root",
            "no-moderator, mod, alice root", "owner, carol, alice root"})
        void isForThoseWhoMay(String rule, String value, String allowed) {
            for (String user : List.of("bob", "guest", "mod", "root", "alice")) {
                rule(user, ChannelRule.named(rule).orElseThrow(), value);
                if (Arrays.asList(allowed.split(" ")).contains(user)) {
                    pipeline.assertNothingRejected();
                } else {
                    assertRefused("NOT_ALLOWED");
                }
                if (rule.equals("owner")) {
                    rule("root", OWNER, "alice");
                } else if (rule.equals("no-moderator")) {
                    rule("root", MODERATOR, "mod");
                }
            }
        }

        @Test
        void ofSomebodyWhoIsRemovedAtThatMomentIsJudgedInTheChannelsOrder() {
            pipeline.held = true;
            rule("alice", NO_MODERATOR, "mod");
            rule("mod", MUTE, "alice");
            rule("mod", TITLE, "still mine");
            pipeline.release();
            assertRefused("INVALID_RULE", "NOT_ALLOWED");
            assertThat(general().title()).isEmpty();
        }

        @Test
        void standsInItsChannelWithItsAuthor() {
            Rule rule = ruling("mod", "general", MUTE, "bob", OptionalLong.of(pipeline.now() + 60_000));
            pipeline.pass(Duration.ofMillis(5));
            send(rule);
            TestRecord<String, ChannelRecord> record = pipeline.channelRecords("general").get(0);
            assertThat(record.key()).isEqualTo("mod:" + rule.messageId());
            assertThat(record.value()).isEqualTo(new ChannelRecord.Rule(rule.messageId(), "general",
                    new Author("mod", "Name of mod", true), MUTE, "bob", rule.until(), rule.sentAt(), pipeline.now()));
            assertThat(record.timestamp()).isEqualTo(pipeline.now());
            assertThat(record.headers()).isEmpty();
        }

        @Test
        void changesWhatHolds() {
            pipeline.pass(Duration.ofSeconds(1));
            rule("alice", TITLE, "The square");
            rule("alice", POSTING, "moderators");
            rule("alice", SLOW_MODE, "30");
            rule("alice", MODERATOR, "bob");
            rule("alice", MODERATOR, "bob");
            rule("alice", NO_MODERATOR, "mod");
            rule("alice", MUTE, "carol");
            mute("dora", Duration.ofMinutes(1));
            mute("carol", Duration.ofMinutes(2));
            rule("alice", MUTE, "eve");
            rule("alice", UNMUTE, "eve");
            rule("alice", UNMUTE, "nobody");
            assertThat(general()).isEqualTo(new ChannelRules("general", "The square", Optional.of("alice"),
                    List.of("bob"), Posting.MODERATORS, 30, List.of(
                            new Mute("dora", OptionalLong.of(pipeline.now() + 60_000)),
                            new Mute("carol", OptionalLong.of(pipeline.now() + 120_000))), pipeline.now()));
            rule("alice", TITLE, "");
            assertThat(general().title()).isEmpty();
        }

        @Test
        void thatHandsTheChannelOverTakesItFromTheOneAndNeitherMutesNorModeratesTheOther() {
            rule("alice", MUTE, "bob");
            rule("alice", OWNER, "bob");
            assertThat(general().muted()).isEmpty();
            rule("bob", OWNER, "mod");
            assertThat(general().owner()).contains("mod");
            assertThat(general().moderators()).isEmpty();
            rule("alice", TITLE, "mine?");
            assertRefused("NOT_ALLOWED");
        }

        @Test
        void unmutesWhoBecomesModerator() {
            rule("mod", MUTE, "bob");
            rule("alice", MODERATOR, "bob");
            send(message("bob", "heard"));
            assertThat(pipeline.texts("general")).containsExactly("heard");
        }

        @ParameterizedTest
        @CsvSource({"mute, alice", "mute, mod", "unmute, alice", "unmute, mod"})
        void neverMutesOwnerOrModerator(String rule, String value) {
            rule("root", ChannelRule.named(rule).orElseThrow(), value);
            rule("bob", ChannelRule.named(rule).orElseThrow(), value);
            assertRefused("INVALID_RULE", "INVALID_RULE");
        }

        @Test
        void mutesSoManyAndNoMoreUntilSomeAreMutedNoLonger() {
            mute("shortly", Duration.ofMinutes(1));
            for (int i = 1; i < ChannelRules.MAX_MUTED; i++) {
                rule("alice", MUTE, "user-" + i);
            }
            rule("alice", MUTE, "one-too-many");
            rule("bob", MUTE, "one-too-many");
            rule("alice", MUTE, "user-7");
            assertRefused("INVALID_RULE", "INVALID_RULE");
            assertThat(general().muted()).hasSize(ChannelRules.MAX_MUTED);
            pipeline.pass(Duration.ofMinutes(1));
            rule("alice", MUTE, "one-too-many");
            assertThat(general().muted()).hasSize(ChannelRules.MAX_MUTED).extracting(Mute::userId)
                    .doesNotContain("shortly").contains("one-too-many");
            pipeline.assertNothingRejected();
        }

        @Test
        void comeNoFasterThanAllThatHoldsCanBeSaidAgain() {
            for (int i = 0; i < 1_000; i++) {
                rule("alice", TITLE, "title " + i);
            }
            assertThat(pipeline.rejectionCodes()).isNotEmpty().containsOnly("RATE_LIMITED");
            rule("root", TITLE, "by another");
            pipeline.pass(Duration.ofSeconds(6));
            rule("alice", TITLE, "later");
            pipeline.assertNothingRejected();
            assertThat(general().title()).isEqualTo("later");
        }

        @Test
        void fitsItsTopicHoweverLongTheNamesAre() {
            for (int i = 0; i < ChannelRules.MAX_MUTED; i++) {
                mute("\uD83D\uDE00".repeat(61) + (100 + i), Duration.ofDays(365_000));
            }
            for (int i = 1; i < ChannelRules.MAX_MODERATORS; i++) {
                rule("alice", MODERATOR, "\uD83D\uDE80".repeat(61) + (100 + i));
            }
            rule("alice", TITLE, "\uD83D\uDE00".repeat(200));
            pipeline.assertNothingRejected();
            assertThat(general().muted()).hasSize(ChannelRules.MAX_MUTED);
            assertThat(Wire.write(general()).length).isLessThan(OwnTopicRules.LEAST_CHANNELS_BYTES - 4_096);
        }

        @Test
        void isRefusedAsFastInAChannelWithTheLongestNames() {
            long inSmall = cpuNanosOfRefusals("small");
            ChannelRules full = new ChannelRules("full", "", Optional.of("alice"), List.of(), Posting.EVERYONE, 0,
                    IntStream.range(0, ChannelRules.MAX_MUTED).mapToObj(i -> new Mute(
                            "\uD83D\uDE00".repeat(61) + (100 + i), OptionalLong.empty())).toList(), pipeline.now());
            pipeline.decide(full);
            assertThat(cpuNanosOfRefusals("full")).isLessThan(4 * inSmall);
            send(ruling("root", "full", TITLE, "x", OptionalLong.empty()));
            assertThat(pipeline.rules("full").muted()).hasSize(ChannelRules.MAX_MUTED);
        }

        private long cpuNanosOfRefusals(String channel) {
            int rules = 240;
            for (int i = 0; i < rules; i++) {
                send(ruling("bob", channel, TITLE, "x", OptionalLong.empty()));
            }
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < rules; i++) {
                send(ruling("bob", channel, TITLE, "x", OptionalLong.empty()));
            }
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            assertThat(pipeline.rejectionCodes()).hasSize(2 * rules).containsOnly("NOT_ALLOWED");
            return nanos;
        }

        @Test
        void makesSoManyModeratorsAndNoMore() {
            IntStream.range(1, ChannelRules.MAX_MODERATORS).forEach(i -> rule("alice", MODERATOR, "user-" + i));
            rule("alice", MODERATOR, "one-too-many");
            rule("alice", MODERATOR, "user-7");
            rule("alice", MODERATOR, "alice");
            assertRefused("INVALID_RULE");
            assertThat(general().moderators()).hasSize(ChannelRules.MAX_MODERATORS).doesNotContain("alice");
        }

        @Test
        void isDroppedAndCountedWhenItComesAgain() {
            Rule rule = rule("alice", TITLE, "The square");
            rule("alice", TITLE, "The market");
            int records = pipeline.rules().size();
            send(rule);
            send(rule);
            assertThat(pipeline.rules()).hasSize(records);
            assertThat(pipeline.channelRecords("general")).hasSize(2);
            assertThat(pipeline.metric("duplicates-total")).isEqualTo(2);
            pipeline.assertNothingRejected();
        }

        @Test
        void isADuplicateByTheClockOfItsPartitionHoweverFarAnotherIsAhead() {
            Rule rule = rule("alice", TITLE, "The square");
            TestRecord<byte[], byte[]> ahead = pipeline.requestOf(
                    new Rule("ahead", "mod", "general", TITLE, "The market", OptionalLong.empty(), pipeline.now()),
                    pipeline.now() + Duration.ofHours(20).toMillis());
            pipeline.pipeRequest(ahead);
            assertThat(general().title()).isEqualTo("The market");
            pipeline.pass(Duration.ofMinutes(30));
            send(rule);
            assertThat(general().title()).isEqualTo("The market");
            assertThat(pipeline.metric("duplicates-total")).isEqualTo(1);
        }

        @Test
        void isJudgedAfreshWhenItComesAgainAndWasRefused() {
            Rule rule = rule("bob", TITLE, "The square");
            send(rule);
            assertRefused("NOT_ALLOWED", "NOT_ALLOWED");
            rule("alice", MODERATOR, "bob");
            send(rule);
            assertThat(general().title()).isEqualTo("The square");
        }

        @Test
        void isADuplicateOfAnyOtherEventOfItsId() {
            RawEvent.Message said = message("alice", "x");
            send(said);
            send(new Rule(said.messageId(), "alice", "general", TITLE, "no", OptionalLong.empty(), pipeline.now()));
            Rule rule = rule("alice", TITLE, "The square");
            send(new Rule(rule.messageId(), "alice", "plaza", TITLE, "no", OptionalLong.empty(), pipeline.now()));
            send(new RawEvent.Message(rule.messageId(), "alice", "general", "no", pipeline.now()));
            assertThat(general().title()).isEqualTo("The square");
            assertThat(pipeline.metric("duplicates-total")).isEqualTo(3);
            pipeline.assertNothingRejected();
        }

        @Test
        void isCountedAsAcceptedWhereItIs() {
            double before = pipeline.metric("accepted-total");
            rule("alice", TITLE, "The square");
            rule("bob", TITLE, "Mine");
            assertThat(pipeline.metric("accepted-total")).isEqualTo(before + 1);
            assertThat(pipeline.metric("rejected-total", "code", "NOT_ALLOWED")).isEqualTo(1);
        }

        @Test
        void thatIsRefusedBehindTheOthersIsKeptByteForByteAndSaysWhereTheRawRecordStands() {
            byte[] value = ("{\"type\" : \"rule\", \"sentAt\":" + pipeline.now() + ",\"colour\":1, \"messageId\":\"r1\","
                    + "\"userId\":\"bob\",\"channel\":\"general\",\"rule\":\"title\",\"value\":\"\\u0041\"}").getBytes(UTF_8);
            TestRecord<byte[], byte[]> signed = pipeline.sign(value, "bob");
            pipeline.pass(Duration.ofMillis(3));

            TestRecord<byte[], byte[]> rejected = pipeline.rejections().get(0);
            assertThat(rejected.key()).isEqualTo(signed.key());
            assertThat(rejected.value()).isEqualTo(value);
            assertThat(rejected.timestamp()).isEqualTo(signed.timestamp());
            Rejection rejection = Rejection.fromHeaders(rejected.headers()).orElseThrow();
            assertThat(rejected.headers()).hasSize(3);
            // What the others and their profiles, the first message and the first rule took.
            assertThat(rejection).isEqualTo(new Rejection("NOT_ALLOWED",
                    "Only the channel's owner and moderators may rule this.", "chat.raw-0@7"));
            assertThat(pipeline.refusals()).singleElement().satisfies(refusal -> {
                assertThat(refusal.key()).isNull();
                assertThat(refusal.value()).isNull();
                assertThat(refusal.headers()).isEqualTo(rejected.headers());
            });
        }

        @Test
        void forAChannelThatIsNotThereMakesItOnlyWhereAnOperatorRules() {
            send(ruling("alice", "plaza", TITLE, "The square", OptionalLong.empty()));
            assertRefused("NOT_ALLOWED");
            assertThat(pipeline.channels.made).containsExactly("general");
            send(ruling("root", "plaza", OWNER, "alice", OptionalLong.empty()));
            send(ruling("alice", "plaza", TITLE, "The square", OptionalLong.empty()));
            assertThat(pipeline.channels.made).containsExactly("general", "plaza");
            assertThat(pipeline.channelRecords("plaza")).hasSize(2);
        }

        @Test
        void forAChannelWhoseTopicIsGoneMakesItOnlyWhereAnOperatorRules() {
            pipeline.channels.made.clear();
            Rule rule = rule("alice", TITLE, "The square");
            rule("mod", TITLE, "The market");
            assertThat(pipeline.refused()).hasSize(2).allSatisfy(refused -> {
                assertThat(refused.code()).isEqualTo("CHANNEL_LIMIT");
                assertThat(refused.reason()).isEqualTo("There is no such channel.");
            });
            assertThat(pipeline.channels.made).isEmpty();
            rule("root", SLOW_MODE, "0");
            send(rule);
            assertThat(general().title()).isEqualTo("The square");
        }

        @Test
        void atWhichTheJudgeFailsIsUnprocessableAndAMessageThatClaimsIsNot() {
            pipeline();
            pipeline.claim("bob");
            failTwiceAtRequest(0);
            RawEvent.Message said = message("bob", "plaza", "mine");
            send(said);
            assertThat(pipeline.texts("plaza")).containsExactly("mine");
            assertThat(pipeline.rules("plaza").owner()).isEmpty();
            failTwiceAtRequest(1);
            send(ruling("bob", "plaza", TITLE, "Mine", OptionalLong.empty()));
            assertRefused("UNPROCESSABLE");
            pipeline.pass(Duration.ofMinutes(1));
            send(message("bob", "plaza", "still mine"));
            assertThat(pipeline.rules("plaza").owner()).contains("bob");
        }

        private void failTwiceAtRequest(long offset) {
            Source request = new Source("charla-streams-channel-requests", 0, offset, pipeline.now());
            for (int i = 0; i < 2; i++) {
                pipeline.channelSuspects.startsAgain(request, "the test", new IllegalStateException());
            }
        }

        @Test
        void forAChannelThatCanNotBeMadeIsRefusedAndChangesNothing() {
            pipeline.channels.refusals.put("plaza", "The cluster refuses to make the channel (PolicyViolation).");
            Rule rule = ruling("root", "plaza", TITLE, "The square", OptionalLong.empty());
            send(rule);
            assertRefused("CHANNEL_LIMIT");
            assertThat(pipeline.rules("plaza")).isEqualTo(ChannelRules.none("plaza"));
            pipeline.channels.refusals.clear();
            send(rule);
            assertThat(pipeline.rules("plaza").title()).isEqualTo("The square");
        }

        @Test
        void needsTheSignatureOfItsAuthor() {
            pipeline.send(ruling("guest", "general", TITLE, "x", OptionalLong.empty()), OPERATOR);
            rule("guest", TITLE, "x");
            assertThat(pipeline.refused()).extracting(Rejection::code, Rejection::reason).containsOnly(
                    tuple("NOT_ALLOWED", "A rule needs the signature of its author."));
        }
    }

    @Nested
    class SomebodyMuted {

        @Test
        void mayNeitherPostNorEditNorReactButTakeBackTheirOwn() {
            RawEvent.Message said = message("bob", "oops");
            send(said);
            rule("mod", MUTE, "bob");
            String target = "bob:" + said.messageId();
            send(message("bob", "unheard"));
            send(new RawEvent.Edit(pipeline.nextId(), "bob", "general", target, "unheard", pipeline.now()));
            send(new RawEvent.Reaction(pipeline.nextId(), "bob", "general", target, List.of("\uD83D\uDC4D"), pipeline.now()));
            assertRefused("MUTED", "MUTED", "MUTED");
            send(new RawEvent.Deletion(pipeline.nextId(), "bob", "general", target, pipeline.now()));
            send(message("bob", "elsewhere", "heard"));
            pipeline.assertNothingRejected();
        }

        @Test
        void isToldUntilWhenAndMaySpeakFromThen() {
            mute("bob", Duration.ofMinutes(1));
            Instant end = Instant.ofEpochMilli(pipeline.now() + 60_000);
            pipeline.pass(Duration.ofMillis(59_999));
            RawEvent.Message patient = message("bob", "patience");
            send(patient);
            assertThat(pipeline.refused()).containsExactly(new Rejection("MUTED",
                    "The user is muted in the channel until " + end + ".", "chat.raw-0@8"));
            pipeline.pass(Duration.ofMillis(1));
            send(patient);
            assertThat(pipeline.texts("general")).containsExactly("patience");
        }

        @Test
        void isNotMutedForATimeThatIsOver() {
            send(ruling("alice", "general", MUTE, "bob", OptionalLong.of(pipeline.now())));
            assertRefused("INVALID_RULE");
            send(message("bob", "heard"));
            pipeline.assertNothingRejected();
        }

        @Test
        void mayBeAnOperatorWhomItDoesNotHold() {
            rule("alice", MUTE, "root");
            send(message("root", "heard"));
            assertThat(pipeline.texts("general")).containsExactly("heard");
        }

        @Test
        void isMutedAlsoWithoutAClaimAndButForWhatIsImported() {
            rule("alice", MUTE, "guest");
            send(message("guest", "unheard"));
            assertRefused("MUTED");
            pipeline.send(message("guest", "imported"), OPERATOR);
            assertThat(pipeline.texts("general")).containsExactly("imported");
        }
    }

    @Nested
    class SlowMode {

        @Test
        void letsAUserPostEverySoManySecondsAndSaysHowLongToWait() {
            rule("mod", SLOW_MODE, "30");
            send(message("bob", "one"));
            pipeline.pass(Duration.ofMillis(29_001));
            send(message("bob", "too early"));
            send(message("guest", "another's"));
            assertThat(pipeline.refused()).singleElement().satisfies(refused -> {
                assertThat(refused.code()).isEqualTo("SLOW_MODE");
                assertThat(refused.reason()).isEqualTo("The channel takes a message of a user every 30 s; wait 1 s.");
            });
            pipeline.pass(Duration.ofMillis(999));
            send(message("bob", "two"));
            assertThat(pipeline.texts("general")).containsExactly("one", "another's", "two");
        }

        @ParameterizedTest
        @ValueSource(strings = {"alice", "mod", "root"})
        void isNotForThoseWhoRule(String user) {
            rule("mod", SLOW_MODE, "21600");
            send(message(user, "one"));
            send(message(user, "two"));
            assertThat(pipeline.texts("general")).containsExactly("one", "two");
        }

        @Test
        void isForMessagesAloneAndInItsChannelAlone() {
            rule("mod", SLOW_MODE, "21600");
            RawEvent.Message said = message("bob", "one");
            send(said);
            String target = "bob:" + said.messageId();
            send(new RawEvent.Edit(pipeline.nextId(), "bob", "general", target, "uno", pipeline.now()));
            send(new RawEvent.Reaction(pipeline.nextId(), "bob", "general", target, List.of("\uD83D\uDC4D"), pipeline.now()));
            send(new RawEvent.Deletion(pipeline.nextId(), "bob", "general", target, pipeline.now()));
            send(message("bob", "elsewhere", "one"));
            send(message("bob", "elsewhere", "two"));
            pipeline.assertNothingRejected();
        }

        @Test
        void thatIsMadeShorterHoldsFromTheLastMessage() {
            rule("mod", SLOW_MODE, "21600");
            send(message("bob", "one"));
            rule("mod", SLOW_MODE, "10");
            pipeline.pass(Duration.ofSeconds(10));
            send(message("bob", "two"));
            rule("mod", SLOW_MODE, "0");
            send(message("bob", "three"));
            assertThat(pipeline.texts("general")).containsExactly("one", "two", "three");
        }

        @Test
        void isNotSpentByWhatIsRefused() {
            rule("mod", SLOW_MODE, "30");
            mute("bob", Duration.ofSeconds(1));
            send(message("bob", "muted"));
            pipeline.pass(Duration.ofSeconds(1));
            send(message("bob", "one"));
            assertThat(pipeline.texts("general")).containsExactly("one");
        }
    }

    @Nested
    class PostingFor {

        @Test
        void verifiedTakesSignedEventsAlone() {
            RawEvent.Message before = message("guest", "before");
            send(before);
            rule("mod", POSTING, "verified");
            String target = "guest:" + before.messageId();
            send(message("guest", "x"));
            send(new RawEvent.Edit(pipeline.nextId(), "guest", "general", target, "y", pipeline.now()));
            send(new RawEvent.Reaction(
                    pipeline.nextId(), "guest", "general", target, List.of("\uD83D\uDC4D"), pipeline.now()));
            assertRefused("NOT_ALLOWED", "NOT_ALLOWED", "NOT_ALLOWED");
            send(new RawEvent.Deletion(pipeline.nextId(), "guest", "general", target, pipeline.now()));
            send(message("bob", "signed"));
            pipeline.send(message("guest", "imported"), OPERATOR);
            pipeline.assertNothingRejected();
        }

        @Test
        void moderatorsTakesOfOthersReactionsAlone() {
            RawEvent.Message before = message("bob", "before");
            send(before);
            rule("mod", POSTING, "moderators");
            String target = "bob:" + before.messageId();
            send(message("bob", "x"));
            send(new RawEvent.Edit(pipeline.nextId(), "bob", "general", target, "y", pipeline.now()));
            assertRefused("NOT_ALLOWED", "NOT_ALLOWED");
            for (String user : List.of("bob", "guest")) {
                send(new RawEvent.Reaction(
                        pipeline.nextId(), user, "general", target, List.of("\uD83D\uDC4D"), pipeline.now()));
            }
            for (String user : List.of("alice", "mod", "root")) {
                send(message(user, "announced"));
            }
            pipeline.assertNothingRejected();
        }

        @Test
        void everyoneIsHowItBegins() {
            send(message("guest", "hola"));
            assertThat(pipeline.texts("general")).containsExactly("hola");
        }
    }

    @Nested
    class WhatSomebodyElseWroteTo {

        private final byte[] forged = Wire.write(new ChannelRules("general", "Mine", Optional.of("mallory"), List.of(),
                Posting.MODERATORS, 0, List.of(), 0));

        @ParameterizedTest
        @ValueSource(strings = {"", "no json", "{}", "{\"channel\":\"general\"}", "[1]", "\uFEFF{", "null"})
        void chatChannelsAndIsNoneIsSkippedAndCounted(String value) {
            rule("alice", MUTE, "bob");
            pipeline.pipeRules("general".getBytes(UTF_8), value.getBytes(UTF_8));
            send(message("bob", "unheard"));
            assertRefused("MUTED");
            assertThat(pipeline.metric("skipped-total", "topic", "chat.channels")).isEqualTo(1);
        }

        @Test
        void chatChannelsUnderAnotherKeyIsSkipped() {
            pipeline.pipeRules("plaza".getBytes(UTF_8), forged);
            pipeline.pipeRules(null, forged);
            pipeline.pipeRules(new byte[] {(byte) 0xff}, forged);
            pipeline.pipeRules("No channel".getBytes(UTF_8), null);
            send(message("bob", "heard"));
            send(message("bob", "plaza", "heard"));
            pipeline.assertNothingRejected();
            assertThat(pipeline.metric("skipped-total", "topic", "chat.channels")).isEqualTo(4);
        }

        @Test
        void chatChannelsOfMoreThanThereMayBeIsSkipped() {
            pipeline("channels.max", "1");
            pipeline.claim("alice");
            send(message("alice", "mine"));
            pipeline.pipeRules("plaza".getBytes(UTF_8), Wire.write(ChannelRules.none("plaza")));
            List<Mute> many = IntStream.rangeClosed(0, ChannelRules.MAX_MUTED)
                    .mapToObj(i -> new Mute("user-" + i, OptionalLong.empty())).toList();
            pipeline.pipeRules("general".getBytes(UTF_8), Wire.write(new ChannelRules(
                    "general", "", Optional.empty(), List.of(), Posting.EVERYONE, 0, many, 0)));
            assertThat(pipeline.metric("skipped-total", "topic", "chat.channels")).isEqualTo(2);
        }

        @Test
        void chatChannelsKeepsNoRulesOutOfChannelsThatAreThere() {
            pipeline("channels.max", "1");
            pipeline.claim("alice");
            pipeline.profile("bob", "Bob");
            pipeline.pipeRules("gone".getBytes(UTF_8), Wire.write(ChannelRules.none("gone")));
            send(message("alice", "mine"));
            rule("alice", MUTE, "bob");
            pipeline.say("bob", "general", "unheard");
            assertRefused("MUTED");
        }

        @Test
        void theRequestsAndSaysThatItIsOfATimeToComeIsSkippedAndLetsNothingBeForgotten() {
            Rule rule = rule("alice", TITLE, "The square");
            rule("alice", TITLE, "The market");
            for (long ahead : List.of(Duration.ofDays(3).toMillis(), 999_999_999_999_999_999L - pipeline.now())) {
                Rule forged = ruling("mallory", "general", TITLE, "x", OptionalLong.empty());
                pipeline.pipeRequest(new TestRecord<>("general".getBytes(UTF_8), Wire.write(forged), request("mallory",
                        "M", "OPERATING_AUTHOR", "a-0@1", String.valueOf(pipeline.now() + ahead)),
                        Instant.ofEpochMilli(pipeline.now())));
            }
            assertThat(general().title()).isEqualTo("The market");
            send(rule);
            assertThat(general().title()).isEqualTo("The market");
            assertThat(pipeline.metric("skipped-total", "topic", "charla-streams-channel-requests")).isEqualTo(2);
        }

        @Test
        void chatChannelsAndLooksRightHoldsForMessagesUntilTheNextRuleAndGivesNobodyTheChannel() {
            pipeline.pipeRules("general".getBytes(UTF_8), forged);
            send(message("bob", "unheard"));
            rule("bob", TITLE, "not mine");
            rule("alice", TITLE, "still mine");
            assertRefused("NOT_ALLOWED", "NOT_ALLOWED");
            send(message("bob", "heard"));
            assertThat(pipeline.texts("general")).containsExactly("heard");
        }

        @Test
        void theRequestsAndIsNoneIsSkippedAndCounted() {
            byte[] key = "general".getBytes(UTF_8);
            byte[] rule = Wire.write(ruling("mallory", "general", OWNER, "mallory", OptionalLong.empty()));
            int records = pipeline.rules().size();
            pipeline.pipeRequest(new TestRecord<>(key, rule));
            pipeline.pipeRequest(new TestRecord<>(null, null));
            pipeline.pipeRequest(new TestRecord<>(key, "no json".getBytes(UTF_8), request("bob", "Bob", "AUTHOR", "a-0@1", "1")));
            pipeline.pipeRequest(new TestRecord<>(key, rule, request("alice", "Alice", "AUTHOR", "a-0@1", "1")));
            pipeline.pipeRequest(new TestRecord<>("plaza".getBytes(UTF_8), rule,
                    request("mallory", "Mallory", "AUTHOR", "a-0@1", "1")));
            for (RecordHeaders headers : List.of(request("mallory", "", "AUTHOR", "a-0@1", "1"),
                    request("mallory", "M\n", "AUTHOR", "a-0@1", "1"), request("mallory", "M", "NOBODY", "a-0@1", "1"),
                    request("mallory", "M", "OPERATOR", "a-0@1", "1"), request("mallory", "M", "", "a-0@1", "1"),
                    request("mallory", "M", "AUTHOR", "a-0", "1"), request("mallory", "M", "AUTHOR", "a-9999999999@1", "1"),
                    request("mallory", "M", "AUTHOR", "a-0@1", "-1"), request("mallory", "M", "AUTHOR", "a-0@1", "x"))) {
                pipeline.pipeRequest(new TestRecord<>(key, rule, headers));
            }
            pipeline.pipeRequest(new TestRecord<>(key, Wire.write(new RawEvent.Deletion("d", "mallory", "general", "mallory:x",
                    pipeline.now())), request("mallory", "M", "AUTHOR", "a-0@1", String.valueOf(pipeline.now()))));
            assertThat(pipeline.metric("skipped-total", "topic", "charla-streams-channel-requests")).isEqualTo(15);
            assertThat(pipeline.rules()).hasSize(records);
            pipeline.assertNothingRejected();
            rule("alice", TITLE, "still mine");
            assertThat(general().title()).isEqualTo("still mine");
        }

        private RecordHeaders request(String user, String name, String signer, String source, String timestamp) {
            return Pipeline.requestHeaders(user, name, signer, source, timestamp);
        }
    }

    @Nested
    class WhoeverHasNoProfile {

        @ParameterizedTest
        @EnumSource(value = RawEvent.Type.class, names = {"MESSAGE", "EDIT", "DELETION", "REACTION", "RULE"})
        void canDoNothingInAChannel(RawEvent.Type type) {
            String id = pipeline.nextId();
            long now = pipeline.now();
            pipeline.send(switch (type) {
                case MESSAGE -> new RawEvent.Message(id, "nobody", "general", "x", now);
                case EDIT -> new RawEvent.Edit(id, "nobody", "general", "nobody:x", "y", now);
                case DELETION -> new RawEvent.Deletion(id, "nobody", "general", "nobody:x", now);
                case REACTION -> new RawEvent.Reaction(id, "nobody", "general", "bob:x", List.of(), now);
                case RULE -> new Rule(id, "nobody", "general", TITLE, "x", OptionalLong.empty(), now);
                case PROFILE, PROFILE_REMOVAL -> throw new IllegalArgumentException(type.toString());
            });
            assertRefused("UNKNOWN_USER");
        }
    }
}
