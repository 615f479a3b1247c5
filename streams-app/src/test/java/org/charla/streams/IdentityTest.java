package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.charla.streams.Pipeline.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RawEvent.Message;
import org.charla.protocol.RawEvent.Profile;
import org.charla.protocol.RawEvent.ProfileRemoval;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody speaks as another. */
class IdentityTest {

    private static final SigningKey LAPTOP = SigningKey.generate();
    private static final SigningKey PHONE = SigningKey.generate();
    private static final SigningKey MALLORY = SigningKey.generate();
    private static final SigningKey OPERATOR = SigningKey.generate();

    @TempDir
    Path stateDir;
    private Pipeline pipeline;

    private Pipeline pipeline(String... settings) {
        pipeline = new Pipeline(stateDir, settings(settings));
        return pipeline;
    }

    /** One in which alice is claimed, with the key of her laptop. */
    private void alicesPipeline(String... settings) {
        pipeline(settings);
        pipeline.send(claim("alice", LAPTOP), LAPTOP);
    }

    @AfterEach
    void close() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private Profile claim(String userId, SigningKey... keys) {
        return new Profile(pipeline.nextId(), userId, "Name of " + userId,
                Arrays.stream(keys).map(key -> key.publicKey().toString()).toList(), pipeline.now());
    }

    private Profile rename(String userId, String displayName) {
        return new Profile(pipeline.nextId(), userId, displayName, pipeline.now());
    }

    private ProfileRemoval removal(String userId) {
        return new ProfileRemoval(pipeline.nextId(), userId, pipeline.now());
    }

    private Message text(String userId, String text) {
        return new Message(pipeline.nextId(), userId, "general", text, pipeline.now());
    }

    private void assertRejected(String... codes) {
        assertThat(pipeline.rejectionCodes()).containsExactly(codes);
    }

    private List<Boolean> verified() {
        return pipeline.records("general").stream().map(record -> record.value().author().verified()).toList();
    }

    @Nested
    class AnIdThatNobodyClaimed {

        @Test
        void isUsedWithoutSignaturesAndNotVerified() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.send(text("alice", "hola"));
            assertThat(verified()).containsExactly(false);
        }

        @Test
        void isRefusedWhereSignaturesAreRequired() {
            pipeline("signatures.required", "true");
            pipeline.profile("alice", "Alice");
            pipeline.send(text("alice", "hola"));
            pipeline.removeProfile("alice");
            assertRejected("UNSIGNED", "UNSIGNED", "UNSIGNED");
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            pipeline.send(text("alice", "hola"), LAPTOP);
            assertThat(verified()).containsExactly(true);
        }

        @Test
        void hasNoKeyThatASignatureCouldBeOf() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.send(text("alice", "hola"), LAPTOP);
            assertRejected("INVALID_SIGNATURE");
        }
    }

    @Nested
    class AClaim {

        @Test
        void isSignedByOneOfTheKeysThatItBrings() {
            pipeline();
            pipeline.send(claim("alice", PHONE, LAPTOP), LAPTOP);
            pipeline.send(text("alice", "from the phone"), PHONE);
            pipeline.assertNothingRejected();
            assertThat(pipeline.profiles().get(0).value().keys())
                    .containsExactly(PHONE.publicKey().toString(), LAPTOP.publicKey().toString());
        }

        @Test
        void thatNobodySignedIsNone() {
            pipeline();
            pipeline.send(claim("alice", LAPTOP));
            assertRejected("UNSIGNED");
            pipeline.profile("alice", "Alice");
            pipeline.assertNothingRejected();
        }

        @Test
        void ofAKeyThatTheSenderDoesNotHoldIsNone() {
            pipeline();
            pipeline.send(claim("alice", LAPTOP), MALLORY);
            assertRejected("INVALID_SIGNATURE");
            pipeline.send(claim("alice", MALLORY), MALLORY);
            pipeline.assertNothingRejected();
        }

        @Test
        void ofTwoDevicesAtTheSameMomentIsThatOfTheFirst() {
            pipeline();
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            pipeline.send(claim("alice", PHONE), PHONE);
            pipeline.send(text("alice", "from the laptop"), LAPTOP);
            pipeline.send(text("alice", "from the phone"), PHONE);
            assertRejected("INVALID_SIGNATURE", "INVALID_SIGNATURE");
            assertThat(pipeline.texts("general")).containsExactly("from the laptop");
        }

        @Test
        void holdsFromItsPlaceOnAndNotForWhatIsBeforeIt() {
            pipeline();
            pipeline.profile("alice", "Alice");
            pipeline.send(text("alice", "before"));
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            pipeline.send(text("alice", "behind"));
            pipeline.send(text("alice", "signed"), LAPTOP);
            assertRejected("UNSIGNED");
            assertThat(pipeline.texts("general")).containsExactly("before", "signed");
        }

        @Test
        void thatIsRefusedForAnotherReasonIsNone() {
            pipeline("flood.limit.burst", "1", "flood.limit.per.minute", "1");
            pipeline.profile("alice", "Alice");
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            assertRejected("RATE_LIMITED");
            pipeline.pass(Duration.ofMinutes(1));
            pipeline.send(text("alice", "still anybody's"));
            pipeline.assertNothingRejected();
        }

        @Test
        void isOfOneIdOnly() {
            alicesPipeline();
            pipeline.profile("alicia", "Alice");
            pipeline.send(text("alicia", "hola"));
            pipeline.assertNothingRejected();
        }

        @ParameterizedTest
        @ValueSource(strings = {"message", "profile", "profile with keys", "profile-removal"})
        void keepsOthersFromEveryKindOfEvent(String kind) {
            alicesPipeline();
            RawEvent event = switch (kind) {
                case "message" -> text("alice", "hola");
                case "profile" -> rename("alice", "Mallory");
                case "profile with keys" -> claim("alice", MALLORY);
                default -> removal("alice");
            };
            pipeline.send(event);
            pipeline.send(event, MALLORY);
            assertRejected("UNSIGNED", "INVALID_SIGNATURE");
            assertThat(pipeline.profiles()).hasSize(1);
            assertThat(pipeline.texts("general")).isEmpty();
        }
    }

    @Nested
    class AClaimedId {

        @Test
        void isVerifiedInItsMessages() {
            alicesPipeline();
            pipeline.send(text("alice", "hola"), LAPTOP);
            assertThat(verified()).containsExactly(true);
        }

        @Test
        void keepsItsKeysWhereAProfileBringsNone() {
            alicesPipeline();
            pipeline.send(rename("alice", "Alicia"), LAPTOP);
            pipeline.send(text("alice", "unsigned"));
            pipeline.send(text("alice", "signed"), LAPTOP);
            assertRejected("UNSIGNED");
            assertThat(pipeline.profiles())
                    .extracting(record -> record.value().displayName(), record -> record.value().keys())
                    .contains(tuple("Alicia", List.of(LAPTOP.publicKey().toString())));
        }

        @Test
        void changesItsKeysByTheOldOnes() {
            alicesPipeline();
            pipeline.send(claim("alice", LAPTOP, PHONE), PHONE);
            assertRejected("INVALID_SIGNATURE");
            pipeline.send(claim("alice", LAPTOP, PHONE), LAPTOP);
            pipeline.send(claim("alice", PHONE), PHONE);
            pipeline.assertNothingRejected();
        }

        @Test
        void knowsAKeyUntilTheRecordThatRevokesItAndNoLonger() {
            alicesPipeline();
            pipeline.send(claim("alice", LAPTOP, PHONE), LAPTOP);
            pipeline.send(text("alice", "right before"), PHONE);
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            pipeline.send(text("alice", "right behind"), PHONE);
            pipeline.send(claim("alice", PHONE), PHONE);
            pipeline.send(text("alice", "from the laptop"), LAPTOP);
            assertRejected("INVALID_SIGNATURE", "INVALID_SIGNATURE");
            assertThat(pipeline.texts("general")).containsExactly("right before", "from the laptop");
        }

        @Test
        void findsTheKeysOfTheProfileRightBeforeEvenAtTheSameMillisecond() {
            alicesPipeline();
            SigningKey key = LAPTOP;
            for (int i = 0; i < 100; i++) {
                SigningKey next = SigningKey.generate();
                pipeline.send(claim("alice", next), key);
                pipeline.send(text("alice", "by the new one"), next);
                pipeline.send(text("alice", "by the old one"), key);
                key = next;
            }
            assertThat(pipeline.texts("general")).hasSize(100).containsOnly("by the new one");
            assertThat(pipeline.rejectionCodes()).hasSize(100).containsOnly("INVALID_SIGNATURE");
        }

        @Test
        void isNotFreeWhenItsProfileIsRemoved() {
            alicesPipeline();
            pipeline.send(removal("alice"), LAPTOP);
            assertThat(pipeline.profiles().get(1).value()).isNull();
            pipeline.send(claim("alice", MALLORY), MALLORY);
            pipeline.profile("alice", "Mallory");
            pipeline.send(text("alice", "no profile"), LAPTOP);
            pipeline.removeProfile("alice");
            assertRejected("INVALID_SIGNATURE", "UNSIGNED", "UNKNOWN_USER", "UNSIGNED");
            pipeline.send(removal("alice"), LAPTOP);
            pipeline.send(rename("alice", "Alice is back"), LAPTOP);
            pipeline.send(text("alice", "hola"), LAPTOP);
            pipeline.assertNothingRejected();
            assertThat(pipeline.profiles()).last().satisfies(record ->
                    assertThat(record.value().keys()).containsExactly(LAPTOP.publicKey().toString()));
        }

        @Test
        void isToldBeforeWhetherItHasAProfile() {
            alicesPipeline();
            pipeline.send(removal("alice"), LAPTOP);
            pipeline.send(text("alice", "hola"));
            assertRejected("UNSIGNED");
        }

        @Test
        void isNotSilencedByOthersWhoSendUnderIt() {
            alicesPipeline("flood.limit.burst", "3", "flood.limit.per.minute", "1");
            for (int i = 0; i < 100; i++) {
                pipeline.send(text("alice", "unsigned"));
                pipeline.send(text("alice", "signed"), MALLORY);
            }
            pipeline.rejectionCodes();
            pipeline.send(text("alice", "hola"), LAPTOP);
            pipeline.assertNothingRejected();
        }

        @Test
        void losesNoMessageToWhoSentItsIdBefore() {
            alicesPipeline();
            Message message = text("alice", "hola");
            pipeline.send(new Message(message.messageId(), "alice", "general", "forged", pipeline.now()), MALLORY);
            pipeline.send(message, LAPTOP);
            assertRejected("INVALID_SIGNATURE");
            assertThat(pipeline.texts("general")).containsExactly("hola");
        }
    }

    @Nested
    class ASignature {

        static Stream<Arguments> headers() {
            byte[] good = new byte[RecordSignature.BYTES];
            good[0] = 1;
            return Stream.of(
                    Arguments.of("null", null),
                    Arguments.of("empty", new byte[0]),
                    Arguments.of("one byte too short", Arrays.copyOf(good, 80)),
                    Arguments.of("one byte too long", Arrays.copyOf(good, 82)),
                    Arguments.of("a megabyte", Arrays.copyOf(good, 1 << 20)),
                    Arguments.of("zeros behind the version", good));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("headers")
        void isTheHeaderOrNone(String what, byte[] header) {
            alicesPipeline();
            pipeline.send(text("alice", "hola"), header);
            pipeline.profile("bob", "Bob");
            pipeline.send(text("bob", "hola"), header);
            pipeline.send(claim("carol", PHONE), header);
            assertRejected("INVALID_SIGNATURE", "INVALID_SIGNATURE", "INVALID_SIGNATURE");
        }

        @Test
        void holdsForNoOtherByteOfIt() {
            alicesPipeline();
            Message message = text("alice", "hola");
            byte[] header = new RecordSigner(LAPTOP, "charla", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), Wire.write(message), pipeline.now()).toBytes();
            for (int i = 0; i < header.length; i++) {
                byte[] other = header.clone();
                other[i] ^= 1;
                pipeline.send(message, other);
            }
            assertThat(pipeline.rejectionCodes()).hasSize(81).containsOnly("INVALID_SIGNATURE");
            pipeline.send(message, header);
            assertThat(pipeline.texts("general")).containsExactly("hola");
        }

        @ParameterizedTest
        @CsvSource({"other, chat.raw, alice, 0, 0", "charla, chat.users, alice, 0, 0", "charla, chat.raw, bob, 0, 0",
            "charla, chat.raw, alice, 1, 0", "charla, chat.raw, alice, 0, 1"})
        void holdsInItsRealmAndTopicOverItsKeyTimeAndValueOnly(
                String realm, String topic, String key, int laterMs, int moreBytes) {
            alicesPipeline();
            Message message = text("alice", "hola");
            byte[] value = Wire.write(message);
            byte[] signed = new RecordSigner(LAPTOP, realm, topic).sign(key.getBytes(UTF_8),
                    Arrays.copyOf(value, value.length + moreBytes), pipeline.now() + laterMs).toBytes();
            byte[] header = new RecordSigner(LAPTOP, "charla", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), value, pipeline.now()).toBytes();
            System.arraycopy(signed, 17, header, 17, 64);
            pipeline.send(message, header);
            assertRejected("INVALID_SIGNATURE");
        }

        @Test
        void isOfTheRealmThatIsConfigured() {
            pipeline("signatures.realm", "test");
            Profile claim = claim("alice", LAPTOP);
            pipeline.send(claim, LAPTOP);
            assertRejected("INVALID_SIGNATURE");
            pipeline.send(claim, new RecordSigner(LAPTOP, "test", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), Wire.write(claim), pipeline.now()).toBytes());
            pipeline.assertNothingRejected();
        }

        @ParameterizedTest
        @ValueSource(strings = {"BouncyCastle", "SunEC"})
        void isVerifiedByWhomTheOperatorChose(String verifier) {
            alicesPipeline("signatures.verifier", verifier);
            pipeline.send(text("alice", "hola"), LAPTOP);
            pipeline.send(text("alice", "hola"), MALLORY);
            assertRejected("INVALID_SIGNATURE");
            assertThat(verified()).containsExactly(true);
        }

        @ParameterizedTest
        @CsvSource({"-1800001, STALE_SIGNATURE", "-1800000, ", "1800000, STALE_SIGNATURE", "1799999, ",
            "-9223372036854775808, STALE_SIGNATURE", "9223372036854775807, STALE_SIGNATURE"})
        void isFreshForHalfAnHour(long distance, String code) {
            alicesPipeline();
            Message message = text("alice", "hola");
            long signedAt = Math.abs(distance) > Integer.MAX_VALUE || distance == Long.MIN_VALUE
                    ? distance : pipeline.now() + distance;
            pipeline.send(message, new RecordSigner(LAPTOP, "charla", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), Wire.write(message), signedAt).toBytes());
            assertThat(pipeline.rejectionCodes()).isEqualTo(code == null ? List.of() : List.of(code));
        }

        @Test
        void thatIsStaleAndDoesNotHoldDoesNotHold() {
            alicesPipeline();
            Message message = text("alice", "hola");
            pipeline.send(message, new RecordSigner(MALLORY, "charla", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), Wire.write(message), 0).toBytes());
            assertRejected("INVALID_SIGNATURE");
        }

        @Test
        void saysNothingOfWhenTheTextWasWritten() {
            alicesPipeline();
            pipeline.send(new Message("m1", "alice", "general", "from last year", pipeline.now() - 31_536_000_000L), LAPTOP);
            pipeline.assertNothingRejected();
        }

        @Test
        void isNotCarriedOnToAnyTopic() {
            alicesPipeline();
            pipeline.send(text("alice", "hola"), LAPTOP);
            pipeline.send(text("alice", "hola"), MALLORY);
            assertThat(pipeline.records("general").get(0).headers()).isEmpty();
            assertThat(pipeline.profiles().get(0).headers()).isEmpty();
            assertThat(pipeline.rejections().get(0).headers()).hasSize(3);
        }
    }

    @Nested
    class ARecordThatIsSentAgain {

        @ParameterizedTest
        @CsvSource({"3600000, 0", "3600000, 1799999", "3600000, -1800000", "2100000, 0", "2100000, 299999",
            "2100000, -1800000", "5400000, 1800000"})
        void isADuplicateOrStaleAtAnyTime(String window, long signedAhead) {
            alicesPipeline("deduplication.window.ms", window, "flood.limit.per.minute", "0");
            Message message = text("alice", "once");
            TestRecord<byte[], byte[]> record = pipeline.send(message, new RecordSigner(LAPTOP, "charla", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), Wire.write(message), pipeline.now() + signedAhead).toBytes());
            assertThat(pipeline.texts("general")).hasSize(1);
            pipeline.profile("bob", "Bob");
            // To the last millisecond of the window and of freshness, and behind them.
            long edge = Long.parseLong(window);
            long before = 0;
            for (long after : Stream.of(1L, 1_800_000 + signedAhead, edge - 1, edge, edge + 1, 1_800_000 + signedAhead + 1,
                    3_600_000L, 3_600_001L, 86_400_000L).sorted().filter(t -> t > 0).toList()) {
                pipeline.pass(Duration.ofMillis(after - before));
                before = after;
                pipeline.send(text("bob", "moves the store's clock"));
                pipeline.sendAgain(record);
            }
            assertThat(pipeline.texts("general")).doesNotContain("once");
            assertThat(pipeline.rejectionCodes()).isNotEmpty().containsOnly("STALE_SIGNATURE");
        }

        @Test
        void mayNotBeSignedAheadFurtherThanTheWindowRemembers() {
            alicesPipeline("deduplication.window.ms", "2100000");
            Message message = text("alice", "hola");
            pipeline.send(message, new RecordSigner(LAPTOP, "charla", Topics.RAW)
                    .sign("alice".getBytes(UTF_8), Wire.write(message), pipeline.now() + 300_000).toBytes());
            assertRejected("STALE_SIGNATURE");
        }

        @Test
        void isRefusedInAnotherPartition() {
            pipeline();
            pipeline.rawPartitions = 6;
            // Of six, alice's is the fourth, and this is the first.
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            assertRejected("WRONG_PARTITION");
        }

        @Test
        void isRefusedUnderAnothersName() {
            alicesPipeline();
            TestRecord<byte[], byte[]> record = pipeline.send(text("alice", "hola"), LAPTOP);
            pipeline.pipe(new TestRecord<>("bob".getBytes(UTF_8), record.value(), record.headers(),
                    record.getRecordTime()));
            assertRejected("KEY_MISMATCH");
        }

        @Test
        void doesNotBringARevokedKeyBack() {
            alicesPipeline();
            TestRecord<byte[], byte[]> both = pipeline.send(claim("alice", LAPTOP, PHONE), LAPTOP);
            pipeline.send(claim("alice", LAPTOP), LAPTOP);
            pipeline.sendAgain(both);
            pipeline.pass(Duration.ofDays(1));
            pipeline.sendAgain(both);
            pipeline.send(text("alice", "hola"), PHONE);
            assertRejected("STALE_SIGNATURE", "INVALID_SIGNATURE");
        }
    }

    @Nested
    class AnOperator {

        private final String operators = "root=" + OPERATOR.publicKey();

        @Test
        void hasTheirKeysWithoutAClaim() {
            pipeline("operators", operators);
            pipeline.profile("root", "Mallory");
            pipeline.send(claim("root", MALLORY), MALLORY);
            pipeline.send(rename("root", "Root"), OPERATOR);
            pipeline.send(text("root", "hola"), OPERATOR);
            assertRejected("UNSIGNED", "INVALID_SIGNATURE");
            assertThat(verified()).containsExactly(true);
        }

        @Test
        void mayHaveSeveralAndAddMoreByProfile() {
            pipeline("operators", operators + ",root=" + LAPTOP.publicKey());
            pipeline.send(claim("root", PHONE), LAPTOP);
            for (SigningKey key : List.of(LAPTOP, PHONE, OPERATOR)) {
                pipeline.send(text("root", "hola"), key);
            }
            pipeline.send(text("root", "hola"), MALLORY);
            assertRejected("INVALID_SIGNATURE");
        }

        @Test
        void replacesKeysThatAreLost() {
            alicesPipeline("operators", operators);
            pipeline.send(claim("alice", PHONE), OPERATOR);
            pipeline.send(text("alice", "from the lost laptop"), LAPTOP);
            pipeline.send(text("alice", "from the phone"), PHONE);
            assertRejected("INVALID_SIGNATURE");
            assertThat(verified()).containsExactly(true);
        }

        @Test
        void replacesKeysOfARemovedProfile() {
            alicesPipeline("operators", operators);
            pipeline.send(removal("alice"), LAPTOP);
            pipeline.send(claim("alice", PHONE), OPERATOR);
            pipeline.send(text("alice", "hola"), PHONE);
            pipeline.assertNothingRejected();
        }

        @Test
        void speaksForNobodyWhoClaimedTheirId() {
            alicesPipeline("operators", operators);
            pipeline.send(text("alice", "hola"), OPERATOR);
            pipeline.send(rename("alice", "Alicia"), OPERATOR);
            pipeline.send(removal("alice"), OPERATOR);
            assertRejected("INVALID_SIGNATURE", "INVALID_SIGNATURE", "INVALID_SIGNATURE");
        }

        @Test
        void importsUnclaimedIdsUnverifiedAndWithoutTheFloodLimit() {
            pipeline("operators", operators, "flood.limit.burst", "1", "flood.limit.per.minute", "1");
            pipeline.send(rename("nick", "Nick"), OPERATOR);
            for (int i = 0; i < 50; i++) {
                pipeline.send(text("nick", "imported"), OPERATOR);
            }
            pipeline.assertNothingRejected();
            assertThat(verified()).hasSize(50).containsOnly(false);
            pipeline.send(text("nick", "one"));
            pipeline.send(text("nick", "two"));
            assertRejected("RATE_LIMITED");
        }

        @Test
        void mayKeepAnImportedIdFromBeingClaimed() {
            pipeline("operators", operators);
            pipeline.send(claim("nick", OPERATOR), OPERATOR);
            pipeline.send(claim("nick", MALLORY), MALLORY);
            assertRejected("INVALID_SIGNATURE");
        }

        @Test
        void isHeldToFreshnessToo() {
            pipeline("operators", operators);
            TestRecord<byte[], byte[]> profile = pipeline.send(rename("nick", "Nick"), OPERATOR);
            pipeline.pass(Duration.ofHours(2));
            pipeline.sendAgain(profile);
            assertRejected("STALE_SIGNATURE");
        }

        @Test
        void importsNothingWhereSignaturesOfAuthorsAreRequired() {
            pipeline("operators", operators, "signatures.required", "true");
            pipeline.send(rename("nick", "Nick"), OPERATOR);
            assertRejected("UNSIGNED");
            pipeline.send(claim("nick", LAPTOP), OPERATOR);
            pipeline.send(text("nick", "hola"), LAPTOP);
            pipeline.assertNothingRejected();
        }

        @Test
        void isNobodyElse() {
            alicesPipeline("operators", operators);
            pipeline.profile("bob", "Bob");
            pipeline.send(claim("alice", MALLORY), MALLORY);
            pipeline.send(text("bob", "hola"), MALLORY);
            assertRejected("INVALID_SIGNATURE", "INVALID_SIGNATURE");
        }
    }
}
