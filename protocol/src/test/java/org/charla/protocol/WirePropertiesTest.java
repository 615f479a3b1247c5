package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.booleans;
import static org.quicktheories.generators.SourceDSL.lists;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
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
