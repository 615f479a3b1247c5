package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

    private static final String HEAD =
            "\"messageId\":\"e1\",\"channel\":\"general\",\"author\":{\"userId\":\"bob\",\"displayName\":\"Bob\"},";

    private static final ChannelMessage MESSAGE =
            new ChannelMessage("m1", "general", new Author("alice", "Alice"), "hola", 123, 140);

    private static final String MESSAGE_JSON = "{\"messageId\":\"m1\",\"channel\":\"general\","
            + "\"author\":{\"userId\":\"alice\",\"displayName\":\"Alice\"},"
            + "\"text\":\"hola\",\"sentAt\":123,\"acceptedAt\":140}";

    private static final UserProfile PROFILE = new UserProfile("alice", "Alice", 105);

    private static final String PROFILE_JSON = "{\"userId\":\"alice\",\"displayName\":\"Alice\",\"updatedAt\":105}";

    private final Serde<UserProfile> profiles = Wire.userProfileSerde();
    private final Serde<ChannelMessage> messages = Wire.channelMessageSerde();

    @Test
    void writesRawEventsAsTheContractShowsThem() {
        assertThat(text(Wire.write(new RawEvent.Message("m1", "alice", "general", "hola", 123)))).isEqualTo(
                "{\"type\":\"message\",\"messageId\":\"m1\",\"userId\":\"alice\",\"channel\":\"general\","
                        + "\"text\":\"hola\",\"sentAt\":123}");
        assertThat(text(Wire.write(new RawEvent.Profile("p1", "alice", "Alice", 100)))).isEqualTo(
                "{\"type\":\"profile\",\"messageId\":\"p1\",\"userId\":\"alice\",\"displayName\":\"Alice\","
                        + "\"sentAt\":100}");
        assertThat(text(Wire.write(new RawEvent.ProfileRemoval("p2", "alice", 200)))).isEqualTo(
                "{\"type\":\"profile-removal\",\"messageId\":\"p2\",\"userId\":\"alice\",\"sentAt\":200}");
    }

    @Test
    void writesAndReadsAChannelMessageAsTheContractShowsIt() throws Exception {
        assertThat(text(Wire.write(MESSAGE))).isEqualTo(MESSAGE_JSON);
        assertThat(Wire.readChannelMessage(bytes(MESSAGE_JSON))).contains(MESSAGE);
    }

    @Test
    void writesAndReadsAUserProfileAsTheContractShowsIt() throws Exception {
        assertThat(text(Wire.write(PROFILE))).isEqualTo(PROFILE_JSON);
        assertThat(Wire.readUserProfile(bytes(PROFILE_JSON))).isEqualTo(PROFILE);
    }

    @Test
    void writesAndReadsKeysOnlyWhereThereAreSome() throws Exception {
        List<String> keys = List.of("ed25519:a", "ed25519:b");
        assertThat(text(Wire.write(new RawEvent.Profile("p1", "alice", "Alice", keys, 100)))).isEqualTo(
                "{\"type\":\"profile\",\"messageId\":\"p1\",\"userId\":\"alice\",\"displayName\":\"Alice\","
                        + "\"keys\":[\"ed25519:a\",\"ed25519:b\"],\"sentAt\":100}");
        UserProfile claimed = new UserProfile("alice", "Alice", keys, 105);
        String json = "{\"userId\":\"alice\",\"displayName\":\"Alice\",\"keys\":[\"ed25519:a\",\"ed25519:b\"],"
                + "\"updatedAt\":105}";
        assertThat(text(Wire.write(claimed))).isEqualTo(json);
        assertThat(Wire.readUserProfile(bytes(json))).isEqualTo(claimed);
        for (String noKeys : new String[] {"null", "7", "\"a\"", "{}", "[7]", "[\"a\",null]", "[[\"a\"]]"}) {
            assertRefused(profiles, json.replaceFirst("\\[.*]", noKeys));
        }
    }

    @Test
    void writesAndReadsThatAnAuthorIsVerifiedOnlyWhereItIsSo() throws Exception {
        String json = MESSAGE_JSON.replace("\"Alice\"", "\"Alice\",\"verified\":true");
        ChannelMessage verified =
                new ChannelMessage("m1", "general", new Author("alice", "Alice", true), "hola", 123, 140);
        assertThat(text(Wire.write(verified))).isEqualTo(json);
        assertThat(Wire.readChannelMessage(bytes(json))).contains(verified);
        assertThat(Wire.readChannelMessage(bytes(json.replace("true", "false")))).contains(MESSAGE);
        for (String value : new String[] {"null", "1", "\"true\"", "[true]", "{\"a\":true}"}) {
            assertRefused(messages, json.replace("true", value));
        }
    }

    @Test
    void writesChangesAsTheContractHasThem() {
        Author bob = new Author("bob", "Bob");
        String end = "\"sentAt\":1,\"acceptedAt\":2}";
        assertWritten(new ChannelRecord.Edit("e1", "general", bob, "bob:m1", "hola", 1, 2),
                "{\"type\":\"edit\"," + HEAD + "\"target\":\"bob:m1\",\"text\":\"hola\"," + end);
        assertWritten(new ChannelRecord.Deletion("e1", "general", bob, "alice:m1", 1, 2),
                "{\"type\":\"deletion\"," + HEAD + "\"target\":\"alice:m1\"," + end);
        assertWritten(new ChannelRecord.Reaction("e1", "general", bob, "alice:m1", List.of("+"), 1, 2),
                "{\"type\":\"reaction\"," + HEAD + "\"target\":\"alice:m1\",\"reactions\":[\"+\"]," + end);
        assertWritten(new ChannelRecord.Rule(
                        "e1", "general", bob, ChannelRule.NO_MODERATOR, "alice", OptionalLong.empty(), 1, 2),
                "{\"type\":\"rule\"," + HEAD + "\"rule\":\"no-moderator\",\"value\":\"alice\"," + end);
        assertWritten(new ChannelRecord.Rule(
                        "e1", "general", bob, ChannelRule.MUTE, "alice", OptionalLong.of(9), 1, 2),
                "{\"type\":\"rule\"," + HEAD + "\"rule\":\"mute\",\"value\":\"alice\",\"until\":9," + end);
        assertWritten(new ChannelMessage("e1", "general", bob, "hola", Optional.of("alice:m1"), 1, 2),
                "{" + HEAD + "\"text\":\"hola\",\"replyTo\":\"alice:m1\"," + end);
    }

    private static void assertWritten(ChannelRecord record, String json) {
        assertThat(text(Wire.write(record))).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"edit", "deletion", "reaction", "rule"})
    void refusesAChangeThatLacksWhatItIsAbout(String type) {
        assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> Wire.readChannelRecord(
                bytes("{\"type\":\"" + type + "\"," + HEAD + "\"sentAt\":1,\"acceptedAt\":2}")));
    }

    @Test
    void knowsNothingOfARuleThatCameLater() throws Exception {
        assertThat(Wire.readChannelRecord(bytes("{\"type\":\"rule\"," + HEAD
                + "\"rule\":\"language\",\"value\":\"es\",\"sentAt\":1,\"acceptedAt\":2}"))).isEmpty();
    }

    @Test
    void writesAndReadsWhatHoldsInAChannel() throws Exception {
        String json = "{\"channel\":\"general\",\"title\":\"T\",\"owner\":\"alice\",\"moderators\":[\"bob\"],"
                + "\"posting\":\"verified\",\"slowModeSeconds\":5,"
                + "\"muted\":[{\"userId\":\"carol\"},{\"userId\":\"dave\",\"until\":9}],\"updatedAt\":105}";
        ChannelRules rules = new ChannelRules("general", "T", Optional.of("alice"), List.of("bob"),
                ChannelRules.Posting.VERIFIED, 5, List.of(new ChannelRules.Mute("carol", OptionalLong.empty()),
                        new ChannelRules.Mute("dave", OptionalLong.of(9))), 105);
        assertThat(text(Wire.write(rules))).isEqualTo(json);
        assertThat(Wire.readChannelRules(bytes(json))).isEqualTo(rules);
        for (String wrong : new String[] {json.replace("verified", "nobody"), json.replace(":5,", ":-1,"),
            json.replace(":5,", ":21601,"), json.replace("\"T\"", "null"), json.replace("[\"bob\"]", "\"bob\""),
            json.replace("{\"userId\":\"carol\"}", "\"carol\""), json.replace(":9}", ":\"9\"}"),
            json.replace("\"alice\"", "null"), "[]", "null"}) {
            assertRefused(Wire.channelRulesSerde(), wrong);
        }
    }

    @Test
    void carriesTheFullestListsOfAChannelWithinTheBounds() throws Exception {
        String name = "\uD83D\uDE00".repeat(EventRules.MAX_NAME_LENGTH);
        ChannelRules fullest = new ChannelRules("c".repeat(64), "\uD83D\uDE00".repeat(ChannelRule.MAX_TITLE_LENGTH),
                Optional.of(name), Collections.nCopies(ChannelRules.MAX_MODERATORS, name),
                ChannelRules.Posting.MODERATORS, ChannelRule.MAX_SLOW_MODE_SECONDS, Collections.nCopies(
                        ChannelRules.MAX_MUTED, new ChannelRules.Mute(name, OptionalLong.of(Long.MIN_VALUE))), 0);
        byte[] written = Wire.write(fullest);
        assertThat(written.length).isLessThan(512 * 1024);
        assertThat(Wire.readChannelRules(written)).isEqualTo(fullest);
    }

    @Test
    void identifiesAMessageByItsUserAndItsMessageId() {
        assertThat(MESSAGE.id()).isEqualTo("alice:m1").isEqualTo(ChannelRecord.id("alice", "m1"));
    }

    @Test
    void ignoresFieldsThatItDoesNotKnow() throws Exception {
        String more = "{\"extra\":[{\"userId\":1}],";
        assertThat(Wire.readChannelMessage(bytes(MESSAGE_JSON.replace("{", more)))).contains(MESSAGE);
        assertThat(Wire.readUserProfile(bytes(PROFILE_JSON.replace("{", more)))).isEqualTo(PROFILE);
    }

    @Test
    void takesAChannelRecordThatSaysItIsAMessageForOne() throws Exception {
        assertThat(Wire.readChannelMessage(bytes(MESSAGE_JSON.replaceFirst("\\{", "{\"type\":\"message\",")))).contains(MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"poll\"}", "{\"type\":\"poll\",\"author\":{\"userId\":\"alice\"},\"text\":7}",
        "{\"author\":\"alice\",\"type\":\"profile\"}", "{\"type\":7}", "{\"type\":null}", "{\"type\":{\"a\":[1]}}"})
    void knowsNothingOfAChannelRecordOfAnotherType(String json) throws Exception {
        assertThat(Wire.readChannelMessage(bytes(json))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"messageId", "channel", "author", "userId", "displayName", "text", "sentAt", "acceptedAt"})
    void refusesAChannelMessageThatLacksAFieldOrHasItOfAnotherType(String field) {
        assertRefused(messages, MESSAGE_JSON.replace('"' + field + '"', "\"other\""));
        for (String value : new String[] {"null", "true", "1.5", "[]"}) {
            assertRefused(messages, MESSAGE_JSON.replaceFirst("\"" + field + "\":(\\{.*?}|\"\\w+\"|\\d+)",
                    "\"" + field + "\":" + value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"userId", "displayName", "updatedAt"})
    void refusesAProfileThatLacksAFieldOrHasItOfAnotherType(String field) {
        assertRefused(profiles, PROFILE_JSON.replace('"' + field + '"', "\"other\""));
        for (String value : new String[] {"null", "true", "1.5", "[]", "{}"}) {
            assertRefused(profiles, PROFILE_JSON.replaceFirst("\"" + field + "\":(\"\\w+\"|\\d+)",
                    "\"" + field + "\":" + value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "hola", "{", "{}", "{\"userId\":\"a\",\"userId\":\"a\"}",
        PROFILE_JSON + PROFILE_JSON, MESSAGE_JSON + MESSAGE_JSON})
    void refusesWhatIsNoSuchRecord(String json) {
        assertRefused(profiles, json);
        assertRefused(messages, json);
    }

    @Test
    void refusesARecordWithoutAValue() {
        assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> Wire.readChannelMessage(null));
        assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> Wire.readUserProfile(null));
    }

    @Test
    void refusesBytesThatAreNotUtf8OrTooMany() {
        byte[] invalid = bytes(PROFILE_JSON);
        invalid[12] = (byte) 0xFF;
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> profiles.deserializer().deserialize(Topics.USERS, invalid));
        assertRefused(profiles, PROFILE_JSON + " ".repeat(EventRules.MAX_RECORD_BYTES));
    }

    @Test
    void serializesAndDeserializes() {
        byte[] profile = profiles.serializer().serialize(Topics.USERS, PROFILE);
        assertThat(profiles.deserializer().deserialize(Topics.USERS, profile)).isEqualTo(PROFILE);
        byte[] message = messages.serializer().serialize("chat.channel.general", MESSAGE);
        assertThat(messages.deserializer().deserialize("chat.channel.general", message)).isEqualTo(MESSAGE);
    }

    @Test
    void takesATombstoneForNullBothWays() {
        assertThat(profiles.serializer().serialize(Topics.USERS, null)).isNull();
        assertThat(profiles.deserializer().deserialize(Topics.USERS, null)).isNull();
        assertThat(messages.serializer().serialize("chat.channel.general", null)).isNull();
        assertThat(messages.deserializer().deserialize("chat.channel.general", null)).isNull();
    }

    @Test
    void carriesTheLargestAcceptedMessageWithinTheBounds() throws Exception {
        String widest = "\u0001".repeat(EventRules.MAX_TEXT_LENGTH);
        String emoji = "\uD83D\uDE00";
        String name = emoji.repeat(EventRules.MAX_NAME_LENGTH);
        for (String text : new String[] {widest, emoji.repeat(EventRules.MAX_TEXT_LENGTH)}) {
            ChannelMessage largest = new ChannelMessage("m".repeat(64), "c".repeat(64), new Author(name, name), text,
                    Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(Wire.readChannelMessage(Wire.write(largest))).contains(largest);
        }
    }

    private static void assertRefused(Serde<?> serde, String json) {
        assertThatExceptionOfType(SerializationException.class).as(json)
                .isThrownBy(() -> serde.deserializer().deserialize("a-topic", bytes(json)))
                .withCauseInstanceOf(MalformedJsonException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Test
    void tracesNoStackForWhatAnybodyCanSendByTheThousand() {
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> Wire.readUserProfile("{".getBytes(UTF_8)))
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }
}
