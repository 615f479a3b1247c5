package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.booleans;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class WirePropertiesTest {

    private static final Gen<String> UNICODE = Generators.unicode(200);

    @Test
    void aChannelMessageIsReadAsItWasWritten() {
        Gen<Author> authors = UNICODE.zip(UNICODE, booleans().all(), Author::new);
        Gen<ChannelMessage> messages = UNICODE.zip(authors, UNICODE, Generators.longs(), Generators.longs(),
                (id, author, text, sentAt, acceptedAt) ->
                        new ChannelMessage(id, id, author, text, sentAt, acceptedAt));

        qt().forAll(messages.describedAs(Generators::escaped)).checkAssert((ThrowingConsumer<ChannelMessage>) message ->
                assertThat(Wire.readChannelMessage(Wire.write(message))).contains(message));
    }

    @Test
    void aChangeOfAChannelIsReadAsItWasWritten() {
        Gen<Author> authors = UNICODE.zip(UNICODE, booleans().all(), Author::new);
        Gen<ChannelRecord> records = UNICODE.zip(authors, UNICODE, Generators.longs(), integers().between(0, 4),
                WirePropertiesTest::change);

        qt().forAll(records.describedAs(Generators::escaped)).checkAssert((ThrowingConsumer<ChannelRecord>) change ->
                assertThat(Wire.readChannelRecord(Wire.write(change))).contains(change));
    }

    private static ChannelRecord change(String id, Author author, String text, long time, int kind) {
        return switch (kind) {
            case 0 -> new ChannelRecord.Edit(id, id, author, id, text, time, time);
            case 1 -> new ChannelRecord.Deletion(id, id, author, text, time, time);
            case 2 -> new ChannelRecord.Reaction(id, id, author, id, List.of(text, id), time, time);
            case 3 -> new ChannelRecord.Rule(
                    id, id, author, ChannelRule.MUTE, text, OptionalLong.of(time), time, time);
            default -> new ChannelMessage(id, id, author, text, Optional.of(id), time, time);
        };
    }

    @Test
    void whatHoldsInAChannelIsReadAsItWasWritten() {
        Gen<ChannelRules> rules = UNICODE.zip(UNICODE, lists().of(UNICODE).ofSizeBetween(0, 3),
                integers().between(0, ChannelRule.MAX_SLOW_MODE_SECONDS), Generators.longs(),
                (channel, user, users, seconds, time) -> new ChannelRules(channel, user,
                        users.isEmpty() ? Optional.empty() : Optional.of(user), users,
                        List.of(ChannelRules.Posting.values()).get(seconds % 3), seconds,
                        users.stream().map(muted -> new ChannelRules.Mute(muted,
                                seconds % 2 == 0 ? OptionalLong.empty() : OptionalLong.of(time))).toList(), time));

        qt().forAll(rules.describedAs(Generators::escaped)).checkAssert((ThrowingConsumer<ChannelRules>) all ->
                assertThat(Wire.readChannelRules(Wire.write(all))).isEqualTo(all));
    }

    @Test
    void aUserProfileIsReadAsItWasWritten() {
        Gen<UserProfile> profiles = UNICODE.zip(UNICODE, lists().of(UNICODE).ofSizeBetween(0, 3), Generators.longs(),
                UserProfile::new);

        qt().forAll(profiles.describedAs(Generators::escaped)).checkAssert((ThrowingConsumer<UserProfile>) profile ->
                assertThat(Wire.readUserProfile(Wire.write(profile))).isEqualTo(profile));
    }

    @Test
    void aRawEventCanBeWrittenWhateverItsTextHoldsLoneSurrogatesToo() {
        qt().forAll(Generators.strings(255)).checkAssert((ThrowingConsumer<String>) any -> {
            assertThat(stringField(Wire.write(new RawEvent.Message(any, any, any, any, 0)), "text")).isEqualTo(any);
            assertThat(stringField(Wire.write(new RawEvent.Profile(any, any, any, 0)), "displayName")).isEqualTo(any);
            assertThat(stringField(Wire.write(new RawEvent.ProfileRemoval(any, any, 0)), "userId")).isEqualTo(any);
        });
    }

    private static String stringField(byte[] json, String field) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            while (!field.equals(parser.nextFieldName())) {
                parser.nextToken();
            }
            return parser.nextTextValue();
        }
    }
}
