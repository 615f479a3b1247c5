package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.charla.streams.Pipeline.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatTopologyTest {

    private static final byte[] ALICE = "alice".getBytes(UTF_8);

    @TempDir
    Path stateDir;
    private Pipeline pipeline;

    private Pipeline pipeline(String... settings) {
        pipeline = new Pipeline(stateDir, settings(settings));
        return pipeline;
    }

    @AfterEach
    void close() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    void looksAsDescribed() throws IOException {
        String golden = Files.readString(Path.of("src/test/resources/topology.txt"));
        StreamsAppConfig config = StreamsAppConfig.of(new Properties(), Map.of());
        assertThat(ChatTopology.build(config, new FakeChannels(), new Suspects(), () -> 6).describe().toString()
                + ChannelTopology.build(config, new FakeChannels(), new Suspects()).describe()).isEqualTo(golden);
    }

    @Nested
    class AMessage {

        @Test
        void arrivesInItsChannelWithItsAuthorsProfileAndTheTimeOfTheRawRecord() {
            pipeline();
            pipeline.profile("alice", "Alice");
            long sentAt = pipeline.now();
            pipeline.pass(Duration.ofMillis(17));
            pipeline.send(new RawEvent.Message("m1", "alice", "general", "hola", sentAt));

            TestRecord<String, ChannelMessage> record = pipeline.records("general").get(0);
            assertThat(record.key()).isEqualTo("alice:m1");
            assertThat(record.value()).isEqualTo(new ChannelMessage("m1", "general",
                    new Author("alice", "Alice"), "hola", sentAt, sentAt + 17));
            assertThat(record.timestamp()).isEqualTo(sentAt + 17);
            pipeline.assertNothingRejected();
        }

        @Test
        void keepsTheOrderOfItsSender() {
            pipeline();
            pipeline.profile("alice", "Alice");
            for (int i = 0; i < 100; i++) {
                pipeline.say("alice", "general", "text " + i);
            }
            assertThat(pipeline.texts("general")).hasSize(100).isSortedAccordingTo(
                    Comparator.comparing(text -> Integer.valueOf(text.substring(5))));
        }

        @Test
        void carriesNoHeaderOfItsSender() {
            pipeline();
            pipeline.profile("alice", "Alice");
            byte[] value = Wire.write(new RawEvent.Message("m1", "alice", "general", "hola", pipeline.now()));
            pipeline.pipe(new TestRecord<>(ALICE, value, new RecordHeaders().add("spam", new byte[100]),
                    Instant.ofEpochMilli(pipeline.now())));
            assertThat(pipeline.records("general").get(0).headers()).isEmpty();
        }

        @Test
        void isCounted() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.say("alice", "general", "hola");
            assertThat(pipeline.metric("accepted-total")).isEqualTo(2);
        }

        @Test
        void withoutATypeIsAMessage() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.pipe(ALICE, ("{\"messageId\":\"m1\",\"userId\":\"alice\",\"channel\":\"general\",\"text\":\"hola\","
                    + "\"sentAt\":" + pipeline.now() + ",\"colour\":{\"unknown\":[1]}}").getBytes(UTF_8));
            assertThat(pipeline.texts("general")).containsExactly("hola");
        }
    }

    @Nested
    class AProfile {

        @Test
        void goesToTheUsersTopicWithTheTimeOfTheRawRecord() {
            pipeline();
            pipeline.profile("alice", "Alice");
            TestRecord<String, UserProfile> record = pipeline.profiles().get(0);
            assertThat(record.key()).isEqualTo("alice");
            assertThat(record.value()).isEqualTo(new UserProfile("alice", "Alice", pipeline.now()));
        }

        @Test
        void holdsForTheMessagesBehindItUntilTheNextOne() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.say("alice", "general", "one");
            pipeline.profile("alice", "Alicia");
            pipeline.say("alice", "general", "two");
            assertThat(pipeline.records("general")).extracting(record -> record.value().author().displayName())
                    .containsExactly("Alice", "Alicia");
        }

        @Test
        void thatIsRemovedLeavesATombstoneAndAnUnknownUser() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.removeProfile("alice");
            pipeline.say("alice", "general", "am I here?");
            assertThat(pipeline.profiles()).extracting(TestRecord::value).containsExactly(
                    new UserProfile("alice", "Alice", pipeline.now()), null);
            assertThat(pipeline.rejectionCodes()).containsExactly("UNKNOWN_USER");
        }

        @Test
        void canComeBackAfterItsRemoval() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.removeProfile("alice");
            pipeline.profile("alice", "Alice again");
            pipeline.say("alice", "general", "here I am");
            assertThat(pipeline.texts("general")).containsExactly("here I am");
        }

        @Test
        void ofOneUserIsNotAnothers() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.say("bob", "general", "hi");
            assertThat(pipeline.rejectionCodes()).containsExactly("UNKNOWN_USER");
        }
    }

    @Nested
    class ADuplicate {

        @Test
        void isDroppedAndCountedButNotRejected() {
            pipeline();
            pipeline.profile("alice", "Alice");
            RawEvent.Message message = pipeline.say("alice", "general", "once");
            pipeline.send(message);
            pipeline.send(message);
            assertThat(pipeline.texts("general")).containsExactly("once");
            pipeline.assertNothingRejected();
            assertThat(pipeline.metric("duplicates-total")).isEqualTo(2);
        }

        @Test
        void isKnownByItsIdWhateverElseItSays() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.send(new RawEvent.Message("m1", "alice", "general", "one", pipeline.now()));
            pipeline.send(new RawEvent.Message("m1", "alice", "other", "two", pipeline.now()));
            pipeline.send(new RawEvent.Profile("m1", "alice", "Mallory", pipeline.now()));
            assertThat(pipeline.texts("general")).containsExactly("one");
            assertThat(pipeline.texts("other")).isEmpty();
            assertThat(pipeline.profiles()).hasSize(1);
        }

        @Test
        void isLookedForOnlyAmongWhatWasAcceptedHoweverMuchWasRefused() {
            pipeline("kafka.metrics.recording.level", "DEBUG");
            double atTheStart = pipeline.metric("fetch-rate");
            RawEvent.Message message = pipeline.say("alice", "general", "too early");
            pipeline.send(message);
            assertThat(pipeline.rejectionCodes()).containsExactly("UNKNOWN_USER", "UNKNOWN_USER");
            assertThat(pipeline.metric("fetch-rate")).isEqualTo(atTheStart);
            pipeline.profile("alice", "Alice");
            pipeline.send(message);
            pipeline.send(message);
            assertThat(pipeline.texts("general")).containsExactly("too early");
            assertThat(pipeline.metric("fetch-rate")).isGreaterThan(atTheStart);
        }

        @Test
        void isOneOfTheSameUserOnly() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.profile("bob", "Bob");
            pipeline.send(new RawEvent.Message("m1", "alice", "general", "from alice", pipeline.now()));
            pipeline.send(new RawEvent.Message("m1", "bob", "general", "from bob", pipeline.now()));
            assertThat(pipeline.texts("general")).containsExactly("from alice", "from bob");
        }

        @Test
        void isOneUpToTheEndOfTheWindow() {
            pipeline("deduplication.window.ms", "2100000");
            pipeline.profile("alice", "Alice");
            RawEvent.Message message = pipeline.say("alice", "general", "again");
            pipeline.pass(Duration.ofMinutes(35));
            pipeline.send(message);
            assertThat(pipeline.texts("general")).hasSize(1);
        }

        @Test
        void isANewMessageBehindTheWindow() {
            pipeline("deduplication.window.ms", "2100000");
            pipeline.profile("alice", "Alice");
            RawEvent.Message message = pipeline.say("alice", "general", "again");
            pipeline.pass(Duration.ofMinutes(35).plusMillis(1));
            pipeline.send(message);
            assertThat(pipeline.texts("general")).containsExactly("again", "again");
        }

        @Test
        void isOneWithinTheWindowWhereverTheWindowLies() {
            pipeline("deduplication.window.ms", "2100000");
            pipeline.profile("alice", "Alice");
            for (int i = 0; i < 40; i++) {
                RawEvent.Message message = pipeline.say("alice", "general", "again");
                pipeline.pass(Duration.ofMinutes(35));
                pipeline.send(message);
                pipeline.pass(Duration.ofMillis(1));
                pipeline.send(message);
                pipeline.pass(Duration.ofMillis(61_733));
                assertThat(pipeline.texts("general")).as("begun %d", i).hasSize(2);
            }
        }

        @Test
        void isKnownWhenTheBrokersClockStepsBack() {
            pipeline();
            pipeline.profile("alice", "Alice");
            byte[] value = Wire.write(new RawEvent.Message("m1", "alice", "general", "once", pipeline.now()));
            pipeline.pipe(ALICE, value);
            pipeline.pipe(new TestRecord<>(ALICE, value, Instant.ofEpochMilli(pipeline.now() - 5_000)));
            assertThat(pipeline.texts("general")).containsExactly("once");
        }

        @Test
        void ofARejectedEventIsJudgedAfresh() {
            pipeline();
            RawEvent.Message message = pipeline.say("alice", "general", "hello");
            assertThat(pipeline.rejectionCodes()).containsExactly("UNKNOWN_USER");
            pipeline.profile("alice", "Alice");
            pipeline.send(message);
            assertThat(pipeline.texts("general")).containsExactly("hello");
        }

        @Test
        void ofARemovedUsersMessageIsStillDropped() {
            pipeline();
            pipeline.profile("alice", "Alice");
            RawEvent.Message message = pipeline.say("alice", "general", "once");
            pipeline.removeProfile("alice");
            pipeline.send(message);
            pipeline.assertNothingRejected();
        }

        @Test
        void ofAProfileDoesNotBringAnOldNameBack() {
            pipeline();
            RawEvent.Profile first = new RawEvent.Profile("p1", "alice", "Alice", pipeline.now());
            pipeline.send(first);
            pipeline.profile("alice", "Alicia");
            pipeline.send(first);
            pipeline.say("alice", "general", "who am I?");
            assertThat(pipeline.records("general").get(0).value().author().displayName()).isEqualTo("Alicia");
        }
    }

    @Nested
    class APartition {

        @Test
        void isTheOneThatMurmur2GivesTheKey() {
            pipeline();
            pipeline.rawPartitions = 6;
            // Of six, bob's is the first and alice's the fourth.
            pipeline.profile("bob", "Bob");
            pipeline.profile("alice", "Alice");
            assertThat(pipeline.profiles()).extracting(TestRecord::key).containsExactly("bob");
            List<TestRecord<byte[], byte[]>> rejections = pipeline.rejections();
            assertThat(rejections).singleElement().satisfies(rejected -> {
                assertThat(rejected.key()).isEqualTo(ALICE);
                Rejection rejection = Rejection.fromHeaders(rejected.headers()).orElseThrow();
                assertThat(rejection.code()).isEqualTo("WRONG_PARTITION");
                assertThat(rejection.reason()).contains("murmur2", "partitioner=murmur2_random");
            });
        }

        @Test
        void isJudgedByTheNumberThatTheTopicHasNow() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.rawPartitions = 6;
            pipeline.profile("alice", "Alicia");
            assertThat(pipeline.profiles()).hasSize(1);
            assertThat(pipeline.rejectionCodes()).containsExactly("WRONG_PARTITION");
        }
    }

    @Nested
    class ARejection {

        @Test
        void carriesTheRawRecordByteForByteAndSaysWhereItStands() {
            pipeline();
            pipeline.profile("alice", "Alice");
            byte[] value = {'{', (byte) 0xff, 0};
            pipeline.pipe(new TestRecord<>(new byte[] {(byte) 0xfe}, value, new RecordHeaders()
                    .add("rejection.code", "NONE".getBytes(UTF_8)), Instant.ofEpochMilli(pipeline.now())));

            TestRecord<byte[], byte[]> record = pipeline.rejections().get(0);
            assertThat(record.key()).isEqualTo(new byte[] {(byte) 0xfe});
            assertThat(record.value()).isEqualTo(value);
            assertThat(record.headers()).hasSize(3);
            Rejection rejection = Rejection.fromHeaders(record.headers()).orElseThrow();
            assertThat(rejection.code()).isEqualTo("MALFORMED");
            assertThat(rejection.reason()).isEqualTo("The record is not UTF-8.");
            assertThat(rejection.source()).isEqualTo("chat.raw-0@1");
        }

        @Test
        void isToldToWhoeverWroteItWithoutSayingToOthersWhoOrWhatThatWas() {
            pipeline();
            pipeline.say("alice", "general", "for nobody else");
            pipeline.pipe(new byte[] {(byte) 0xfe}, new byte[2_000_000]);
            pipeline.profile("bob", "Bob");

            List<TestRecord<byte[], byte[]>> rejections = pipeline.rejections();
            List<TestRecord<byte[], byte[]>> refusals = pipeline.refusals();
            assertThat(refusals).hasSize(2).allSatisfy(refusal -> {
                assertThat(refusal.key()).isNull();
                assertThat(refusal.value()).isNull();
            });
            assertThat(refusals).extracting(TestRecord::headers)
                    .isEqualTo(rejections.stream().map(TestRecord::headers).toList());
        }

        @Test
        void ofANullKeyOrValueIsOneToo() {
            pipeline();
            pipeline.pipe(null, Wire.write(new RawEvent.Message("m1", "alice", "general", "hola", pipeline.now())));
            pipeline.pipe(ALICE, null);
            pipeline.pipe(null, null);
            List<TestRecord<byte[], byte[]>> rejections = pipeline.rejections();
            assertThat(rejections).extracting(record -> Rejection.fromHeaders(record.headers()).orElseThrow().code())
                    .containsExactly("WRONG_PARTITION", "MALFORMED", "MALFORMED");
            assertThat(rejections.get(1).value()).isNull();
            assertThat(rejections.get(2).key()).isNull();
        }

        @Test
        void ofMoreThanATopicTakesKeepsTheBeginningAndSaysSo() {
            pipeline();
            byte[] huge = new byte[RejectionWriter.MAX_BYTES + 1];
            Arrays.fill(huge, (byte) 'x');
            pipeline.pipe(ALICE, huge);
            pipeline.pipe(ALICE, Arrays.copyOf(huge, RejectionWriter.MAX_BYTES));
            List<TestRecord<byte[], byte[]>> rejections = pipeline.rejections();
            assertThat(rejections.get(0).value()).isEqualTo(Arrays.copyOf(huge, 64 * 1024));
            assertThat(Rejection.fromHeaders(rejections.get(0).headers()).orElseThrow().reason())
                    .contains("1048577 bytes").endsWith("Only its first 65536 bytes are kept.");
            assertThat(rejections.get(1).value()).hasSize(RejectionWriter.MAX_BYTES);
        }

        @Test
        void isCountedByItsCode() {
            pipeline();
            pipeline.say("alice", "general", "one");
            pipeline.say("alice", "general", "two");
            pipeline.pipe(ALICE, null);
            assertThat(pipeline.metric("rejected-total", "code", "UNKNOWN_USER")).isEqualTo(2);
            assertThat(pipeline.metric("rejected-total", "code", "MALFORMED")).isEqualTo(1);
        }

        @Test
        void doesNotHoldUpWhatComesNext() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.pipe(ALICE, "{".repeat(60_000).getBytes(UTF_8));
            pipeline.say("alice", "general", "still here");
            assertThat(pipeline.texts("general")).containsExactly("still here");
        }

        @ParameterizedTest
        @CsvSource(textBlock = """
                'no json',                                                                          MALFORMED
                '{"type":"video","messageId":"!"}',                                                 UNKNOWN_TYPE
                '{"messageId":"a:b","userId":"alice","channel":"general","text":"x","sentAt":0}',   INVALID_MESSAGE_ID
                '{"messageId":"m","userId":"al ice","channel":"general","text":"x","sentAt":0}',    INVALID_USER_ID
                '{"messageId":"m","userId":"bob","channel":"general","text":"x","sentAt":0}',       KEY_MISMATCH
                '{"messageId":"m","userId":"alice","channel":"../x","text":"x","sentAt":0}',        INVALID_CHANNEL
                '{"messageId":"m","userId":"alice","channel":"general","text":" ","sentAt":0}',     EMPTY_TEXT
                '{"messageId":"m","userId":"alice","channel":"general","text":"\\u0000","sentAt":0}', INVALID_TEXT
                '{"type":"profile","messageId":"m","userId":"alice","sentAt":0}',                   INVALID_DISPLAY_NAME
                '{"messageId":"m","userId":"alice","channel":"general","text":"x","sentAt":"0"}',   INVALID_SENT_AT
                '{"messageId":"m","userId":"alice","channel":"general","text":"x","sentAt":0}',     UNKNOWN_USER
                """)
        void namesTheFirstRuleThatFails(String value, String code) {
            pipeline();
            pipeline.pipe(ALICE, value.getBytes(UTF_8));
            assertThat(pipeline.rejectionCodes()).containsExactly(code);
        }
    }

    @Nested
    class TheFloodLimit {

        @Test
        void isByDefaultBeyondWhatAPersonReaches() {
            pipeline();
            pipeline.profile("alice", "Alice");
            for (int i = 1; i < 20_000; i++) {
                pipeline.say("alice", "general", "pasted");
            }
            for (int second = 1; second <= 10; second++) {
                pipeline.pass(Duration.ofSeconds(1));
                for (int i = 0; i < 20; i++) {
                    pipeline.say("alice", "general", "typed");
                }
            }
            pipeline.assertNothingRejected();
            assertThat(pipeline.texts("general")).hasSize(19_999 + 200);
            pipeline.say("alice", "general", "too much");
            assertThat(pipeline.rejectionCodes()).containsExactly("RATE_LIMITED");
        }

        @Test
        void canBeSwitchedOff() {
            pipeline("flood.limit.burst", "10", "flood.limit.per.minute", "0");
            pipeline.profile("alice", "Alice");
            for (int i = 0; i < 2_000; i++) {
                pipeline.say("alice", "general", "spam");
            }
            assertThat(pipeline.texts("general")).hasSize(2_000);
        }

        @Test
        void allowsABurstAndThenItsRate() {
            pipeline("flood.limit.burst", "3", "flood.limit.per.minute", "60");
            pipeline.profile("alice", "Alice");
            pipeline.say("alice", "general", "one");
            pipeline.say("alice", "general", "two");
            pipeline.say("alice", "general", "too much");
            pipeline.pass(Duration.ofSeconds(1));
            pipeline.say("alice", "general", "three");
            pipeline.say("alice", "general", "too much");
            assertThat(pipeline.texts("general")).containsExactly("one", "two", "three");
            assertThat(pipeline.rejectionCodes()).containsExactly("RATE_LIMITED", "RATE_LIMITED");
        }

        @Test
        void isEachUsersOwn() {
            pipeline("flood.limit.burst", "2", "flood.limit.per.minute", "1");
            pipeline.profile("alice", "Alice");
            pipeline.profile("bob", "Bob");
            pipeline.say("alice", "general", "from alice");
            pipeline.say("bob", "general", "from bob");
            assertThat(pipeline.texts("general")).containsExactly("from alice", "from bob");
        }

        @Test
        void holdsForProfilesToo() {
            pipeline("flood.limit.burst", "2", "flood.limit.per.minute", "1");
            pipeline.profile("alice", "A");
            pipeline.profile("alice", "B");
            pipeline.profile("alice", "C");
            assertThat(pipeline.profiles()).extracting(record -> record.value().displayName()).containsExactly("A", "B");
            assertThat(pipeline.rejectionCodes()).containsExactly("RATE_LIMITED");
        }

        @Test
        void isNotSpentByDuplicatesOrRefusedMessages() {
            pipeline("flood.limit.burst", "3", "flood.limit.per.minute", "1");
            pipeline.say("alice", "general", "nobody knows me");
            pipeline.profile("alice", "Alice");
            RawEvent.Message message = pipeline.say("alice", "general", "one");
            pipeline.send(message);
            pipeline.pipe(ALICE, null);
            pipeline.say("alice", "general", "two");
            assertThat(pipeline.texts("general")).containsExactly("one", "two");
        }

        @Test
        void letsARefusedMessageBeSentAgainLater() {
            pipeline("flood.limit.burst", "1", "flood.limit.per.minute", "60");
            pipeline.profile("alice", "Alice");
            RawEvent.Message message = pipeline.say("alice", "general", "patience");
            pipeline.pass(Duration.ofSeconds(1));
            pipeline.send(message);
            assertThat(pipeline.texts("general")).containsExactly("patience");
        }
    }

    @Nested
    class AChannel {

        @Test
        void isMadeByItsFirstMessage() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.say("alice", "new-one", "first");
            assertThat(pipeline.channels.made).containsExactly("new-one");
            assertThat(pipeline.texts("new-one")).containsExactly("first");
        }

        @Test
        void isNotMadeByAMessageThatIsRefused() {
            pipeline();
            pipeline.say("nobody", "new-one", "first");
            assertThat(pipeline.channels.made).isEmpty();
        }

        @Test
        void beyondTheMostThereMayBeIsRefused() {
            pipeline("channels.max", "2");
            pipeline.profile("alice", "Alice");
            pipeline.say("alice", "one", "x");
            pipeline.say("alice", "two", "x");
            pipeline.say("alice", "three", "x");
            pipeline.say("alice", "one", "still open");
            assertThat(pipeline.rejectionCodes()).containsExactly("CHANNEL_LIMIT");
            assertThat(pipeline.texts("three")).isEmpty();
            assertThat(pipeline.texts("one")).containsExactly("x", "still open");
        }

        @Test
        void isRefusedToAUserWhoMakesMoreAtOnceThanTheBurst() {
            pipeline("channels.per.user.burst", "2", "channels.per.user.per.hour", "60");
            pipeline.profile("alice", "Alice");
            pipeline.say("alice", "one", "x");
            pipeline.say("alice", "two", "x");
            pipeline.say("alice", "three", "x");
            assertThat(pipeline.rejectionCodes()).containsExactly("CHANNEL_LIMIT");
            pipeline.pass(Duration.ofMinutes(1));
            pipeline.say("alice", "three", "x");
            assertThat(pipeline.channels.made).containsExactly("one", "two", "three");
        }

        @Test
        void isRefusedToAUserWhoMakesTooManyButNotToOthers() {
            pipeline("channels.per.user.per.hour", "2");
            pipeline.profile("alice", "Alice");
            pipeline.profile("bob", "Bob");
            pipeline.say("alice", "one", "x");
            pipeline.say("alice", "two", "x");
            pipeline.say("alice", "three", "x");
            pipeline.say("bob", "four", "x");
            assertThat(pipeline.rejectionCodes()).containsExactly("CHANNEL_LIMIT");
            assertThat(pipeline.channels.made).containsExactly("one", "two", "four");
            pipeline.pass(Duration.ofMinutes(30));
            pipeline.say("alice", "three", "x");
            assertThat(pipeline.texts("three")).containsExactly("x");
        }

        @Test
        void thatTheClusterRefusesCostsThatMessageOnly() {
            pipeline();
            pipeline.channels.refusals.put("forbidden", "The cluster refuses to make the channel (PolicyViolation).");
            pipeline.profile("alice", "Alice");
            RawEvent.Message refused = pipeline.say("alice", "forbidden", "x");
            pipeline.say("alice", "general", "y");
            TestRecord<byte[], byte[]> rejection = pipeline.rejections().get(0);
            assertThat(rejection.value()).isEqualTo(Wire.write(refused));
            assertThat(Rejection.fromHeaders(rejection.headers()).orElseThrow().reason()).contains("PolicyViolation");
            assertThat(pipeline.texts("general")).containsExactly("y");
        }

        @Test
        void isWaitedForWhenNoBrokerAnswers() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.channels.failure = new TimeoutException("no broker");
            assertThatThrownBy(() -> pipeline.say("alice", "general", "x")).isInstanceOf(TaskCorruptedException.class);
            pipeline.assertNothingRejected();
        }
    }
}
