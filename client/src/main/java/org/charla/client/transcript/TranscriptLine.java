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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.UserProfile;
import org.charla.protocol.signature.UserKey;

/**
 * A line of a transcript: a message, as it is by now.
 *
 * @param number its number in its file, from 1
 * @param displayName the name that the author went by; empty where the line doesn't say
 * @param sentAt in epoch milliseconds
 * @param text empty where the message is deleted and the line has none
 * @param messageId empty where the line doesn't say
 * @param editedAt in epoch milliseconds; empty where the text is the first one
 */
record TranscriptLine(long number, String channel, String nick, Optional<String> displayName, long sentAt,
        Optional<String> text, Optional<String> messageId, Optional<String> replyTo, OptionalLong editedAt,
        List<Reacted> reactions, Optional<Deleted> deleted) {

    /** The version of the format that this program writes, and the newest that it reads. */
    private static final String VERSION = "1";

    /** What a transcript begins with, to say so: from there on names and the order of a channel are as they were. */
    static final String HEADER = "{\"charla\":\"transcript\",\"version\":" + VERSION + "}";

    /** What a deleted message whose text nobody knows is sent with, until its deletion comes. */
    private static final String GONE = "…";

    /** What a user thought of the message. */
    record Reacted(String nick, Optional<String> displayName, List<String> reactions) {
    }

    /**
     * The message's end.
     *
     * @param at in epoch milliseconds
     */
    record Deleted(String by, long at) {
    }

    /** A line that can't be sent; the message says why. */
    static final class UnfitException extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean isAboutAll;

        private UnfitException(String message, boolean isAboutAll) {
            super(message);
            this.isAboutAll = isAboutAll;
        }

        private UnfitException(String message) {
            this(message, false);
        }

        /** Whether what follows in the file can't be read either. */
        boolean isAboutAll() {
            return isAboutAll;
        }
    }

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    /** What a line's members may be. */
    private static final class Members {

        private String charla;
        private String version;
        private String channel;
        private String nick;
        private String displayName;
        private String sentAt;
        private String text;
        private String messageId;
        private String replyTo;
        private String editedAt;
        private List<Reacted> reactions = List.of();
        private String deletedBy;
        private String deletedAt;
    }

    /**
     * Reads a line: one JSON object with the string members {@code channel}, {@code nick}, {@code sentAt} and
     * {@code text}, and what else {@link TranscriptExport} writes; others are ignored.
     *
     * @return empty where it says that a transcript of this version begins
     * @throws UnfitException if it is anything else
     */
    static Optional<TranscriptLine> parse(long number, String line) throws UnfitException {
        Members members = new Members();
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnfitException("not a JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                read(parser, name, members);
            }
            if (parser.nextToken() != null) {
                throw new UnfitException("something follows the JSON object");
            }
        } catch (IOException e) {
            throw new UnfitException("not a JSON object that names no member twice");
        }
        if (members.charla != null && members.channel == null) {
            requireKnown(members);
            return Optional.empty();
        }
        return Optional.of(line(number, members));
    }

    private static void read(JsonParser parser, String name, Members members) throws IOException, UnfitException {
        switch (name) {
            case "charla", "version" -> {
                members.charla = name.equals("charla") ? parser.getText() : members.charla;
                members.version = name.equals("version") ? parser.getText() : members.version;
                parser.skipChildren();
            }
            case "channel" -> members.channel = string(parser, name);
            case "nick" -> members.nick = string(parser, name);
            case "displayName" -> members.displayName = string(parser, name);
            case "sentAt" -> members.sentAt = string(parser, name);
            case "text" -> members.text = string(parser, name);
            case "messageId" -> members.messageId = string(parser, name);
            case "replyTo" -> members.replyTo = string(parser, name);
            case "editedAt" -> members.editedAt = string(parser, name);
            case "reactions" -> members.reactions = reactions(parser, name);
            case "deletedBy" -> members.deletedBy = string(parser, name);
            case "deletedAt" -> members.deletedAt = string(parser, name);
            default -> parser.skipChildren();
        }
    }

    private static List<Reacted> reactions(JsonParser parser, String name) throws IOException, UnfitException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new UnfitException(name + " is not a list");
        }
        List<Reacted> reactions = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String element = name + '[' + reactions.size() + ']';
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new UnfitException(element + " is not an object");
            }
            reactions.add(reacted(parser, element));
        }
        return reactions;
    }

    private static Reacted reacted(JsonParser parser, String element) throws IOException, UnfitException {
        String nick = null;
        String displayName = null;
        List<String> reactions = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "nick" -> nick = string(parser, element + ".nick");
                case "displayName" -> displayName = string(parser, element + ".displayName");
                case "reactions" -> reactions = strings(parser, element + ".reactions");
                default -> parser.skipChildren();
            }
        }
        return new Reacted(present(nick, element + ".nick"), Optional.ofNullable(displayName),
                present(reactions, element + ".reactions"));
    }

    private static void requireKnown(Members members) throws UnfitException {
        if (!members.charla.equals("transcript") || !VERSION.equals(members.version)) {
            throw new UnfitException("a transcript of another version than " + VERSION + ", which is what can be read here:"
                    + " nothing of it is sent", true);
        }
    }

    private static TranscriptLine line(long number, Members members) throws UnfitException {
        if (members.deletedBy == null && members.deletedAt != null) {
            throw new UnfitException("deletedBy is missing beside deletedAt");
        }
        Optional<Deleted> deleted = members.deletedBy == null ? Optional.empty() : Optional.of(new Deleted(
                members.deletedBy, time(present(members.deletedAt, "deletedAt"), "deletedAt")));
        return new TranscriptLine(number, present(members.channel, "channel"), present(members.nick, "nick"),
                Optional.ofNullable(members.displayName), time(present(members.sentAt, "sentAt"), "sentAt"),
                deleted.isPresent() ? Optional.ofNullable(members.text) : Optional.of(present(members.text, "text")),
                Optional.ofNullable(members.messageId), Optional.ofNullable(members.replyTo),
                members.editedAt == null ? OptionalLong.empty() : OptionalLong.of(time(members.editedAt, "editedAt")),
                members.reactions, deleted);
    }

    private static List<String> strings(JsonParser parser, String name) throws IOException, UnfitException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new UnfitException(name + " is not a list");
        }
        List<String> strings = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            strings.add(string(parser, name + '[' + strings.size() + ']'));
        }
        return strings;
    }

    private static String string(JsonParser parser, String name) throws IOException, UnfitException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new UnfitException(name + " is not a string");
        }
        return parser.getText();
    }

    private static <T> T present(T value, String name) throws UnfitException {
        if (value == null) {
            throw new UnfitException(name + " is missing");
        }
        return value;
    }

    private static long time(String text, String name) throws UnfitException {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnfitException(name + " is not an ISO 8601 time with an offset, like 2007-09-14T10:24:21Z");
        }
    }

    /** The message that it stands for. The id is the same whenever this line is imported again. */
    RawEvent.Message toMessage(IdDigest digest) {
        String sent = text.orElse(GONE);
        return new RawEvent.Message(
                messageId.orElseGet(() -> digest.of(number, channel, nick, Long.toString(sentAt), sent)),
                nick, channel, sent, replyTo, sentAt);
    }

    /** What made of the message what it is, in this order; each with the same id whenever this line is imported again. */
    List<RawEvent.InChannel> toChanges(RawEvent.Message message, IdDigest digest) {
        String target = ChannelRecord.id(message.userId(), message.messageId());
        if (deleted.isPresent()) {
            return List.of(new RawEvent.Deletion(digest.of(0, "deletion", target), deleted.get().by(), channel, target,
                    deleted.get().at()));
        }
        List<RawEvent.InChannel> changes = new ArrayList<>();
        if (editedAt.isPresent()) {
            changes.add(new RawEvent.Edit(digest.of(0, "edit", target, message.text()), nick, channel, target,
                    message.text(), editedAt.getAsLong()));
        }
        for (Reacted reacted : reactions) {
            changes.add(new RawEvent.Reaction(digest.of(0, "reaction", target, String.join(" ", reacted.reactions())),
                    reacted.nick(), channel, target, reacted.reactions(), sentAt));
        }
        return changes;
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
