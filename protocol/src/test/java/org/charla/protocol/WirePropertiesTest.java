package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.charla.protocol.ChannelMessage.Author;

class WirePropertiesTest {

    @Property
    void aChannelMessageIsReadAsItWasWritten(
            @ForAll("unicode") String id, @ForAll("unicode") String name, @ForAll("unicode") String text,
            @ForAll long sentAt, @ForAll long acceptedAt) throws MalformedJsonException {
        ChannelMessage message = new ChannelMessage(id, id, new Author(id, name), text, sentAt, acceptedAt);
        assertThat(Wire.readChannelMessage(Wire.write(message))).isEqualTo(message);
    }

    @Property
    void aUserProfileIsReadAsItWasWritten(
            @ForAll("unicode") String id, @ForAll("unicode") String name, @ForAll long updatedAt)
            throws MalformedJsonException {
        UserProfile profile = new UserProfile(id, name, updatedAt);
        assertThat(Wire.readUserProfile(Wire.write(profile))).isEqualTo(profile);
    }

    @Property
    void aRawEventCanBeWrittenWhateverItsTextHoldsLoneSurrogatesToo(@ForAll String any) throws IOException {
        assertThat(stringField(Wire.write(new RawEvent.Message(any, any, any, any, 0)), "text")).isEqualTo(any);
        assertThat(stringField(Wire.write(new RawEvent.Profile(any, any, any, 0)), "displayName")).isEqualTo(any);
        assertThat(stringField(Wire.write(new RawEvent.ProfileRemoval(any, any, 0)), "userId")).isEqualTo(any);
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

    @Provide
    Arbitrary<String> unicode() {
        return TextArbitraries.unicode(200);
    }
}
