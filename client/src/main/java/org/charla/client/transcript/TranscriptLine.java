package org.charla.client.transcript;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import org.charla.protocol.RawEvent;
import org.charla.protocol.UserProfile;
import org.charla.protocol.signature.UserKey;

/**
 * A line of a transcript.
 *
 * @param number its number in its file, from 1
 * @param sentAt in epoch milliseconds
 */
record TranscriptLine(long number, String channel, String nick, long sentAt, String text) {

    /** A line that can't be sent; the message says why. */
    static final class UnfitException extends Exception {

        private static final long serialVersionUID = 1L;

        private UnfitException(String message) {
            super(message);
        }
    }

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    /**
     * Reads a line: one JSON object with the string members {@code channel}, {@code nick}, {@code sentAt} and
     * {@code text}; others are ignored.
     *
     * @throws UnfitException if it is anything else
     */
    static TranscriptLine parse(long number, String line) throws UnfitException {
        String channel = null;
        String nick = null;
        String sentAt = null;
        String text = null;
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnfitException("not a JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "channel" -> channel = string(parser, name);
                    case "nick" -> nick = string(parser, name);
                    case "sentAt" -> sentAt = string(parser, name);
                    case "text" -> text = string(parser, name);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new UnfitException("something follows the JSON object");
            }
        } catch (IOException e) {
            throw new UnfitException("not a JSON object that names no member twice");
        }
        return new TranscriptLine(number, present(channel, "channel"), present(nick, "nick"),
                time(present(sentAt, "sentAt")), present(text, "text"));
    }

    private static String string(JsonParser parser, String name) throws IOException, UnfitException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new UnfitException(name + " is not a string");
        }
        return parser.getText();
    }

    private static String present(String value, String name) throws UnfitException {
        if (value == null) {
            throw new UnfitException(name + " is missing");
        }
        return value;
    }

    private static long time(String sentAt) throws UnfitException {
        try {
            return OffsetDateTime.parse(sentAt).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnfitException("sentAt is not an ISO 8601 time with an offset, like 2007-09-14T10:24:21Z");
        }
    }

    /** The message that it stands for. The id is the same whenever this line is imported again. */
    RawEvent.Message toMessage(IdDigest digest) {
        return new RawEvent.Message(digest.of(number, channel, nick, Long.toString(sentAt), text),
                nick, channel, text, sentAt);
    }

    /** The profile that makes its nick a user, going by that name. */
    RawEvent.Profile toProfile(IdDigest digest, long now) {
        return new RawEvent.Profile(digest.of(0, nick), nick, nick, now);
    }

    /** The profile that claims a nick by a key, and leaves its name as it is. */
    static RawEvent.Profile toClaim(IdDigest digest, UserProfile user, UserKey key, long now) {
        return new RawEvent.Profile(digest.of(0, user.userId(), key.toString()), user.userId(), user.displayName(),
                List.of(key.toString()), now);
    }

    /** Derives message ids from content: 43 characters of base64url over SHA-256. Not thread-safe. */
    static final class IdDigest {

        private final MessageDigest sha256;
        private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

        IdDigest() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        /** Each part with its length in front: no two lists of parts give the same bytes. */
        private String of(long line, String... parts) {
            update(line);
            for (String part : parts) {
                byte[] bytes = part.getBytes(UTF_8);
                update(bytes.length);
                sha256.update(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
        }

        private void update(long value) {
            sha256.update(number.putLong(0, value).array());
        }
    }
}
