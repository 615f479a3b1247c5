package org.charla.client.transcript;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.charla.access.PlacedMessage;
import org.charla.access.Store;
import org.charla.client.terminal.Console;
import org.charla.client.text.JsonLine;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/**
 * Writes channels as transcripts that {@link TranscriptImport} reads: a line a message, as it is by now, in the order of
 * its channel. What it holds in memory doesn't depend on how much there is. To be used by one thread.
 */
public final class TranscriptExport {

    /** How many messages are asked for at a time. */
    private static final int PAGE = 200;

    /** How many users' names are remembered. */
    private static final int MOST_NAMES = 10_000;

    private final Store store;
    private final Console console;
    private final Optional<String> author;

    /** The names of users as of now; those that have none go by their ids. */
    private final Map<String, String> names = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_NAMES;
        }
    };

    /** @param author whose messages alone are written; empty: everybody's are */
    public TranscriptExport(Store store, Console console, Optional<String> author) {
        this.store = store;
        this.console = console;
        this.author = author;
    }

    /** Writes channels, one behind the other. */
    public void run(List<String> channels) {
        console.line(TranscriptLine.HEADER);
        Progress progress = new Progress(console, 0);
        long count = 0;
        for (String channel : channels) {
            List<PlacedMessage> page = List.of();
            do {
                long behind = page.isEmpty() ? -1 : page.get(page.size() - 1).position();
                page = store.following(channel, behind, PAGE, author);
                page.forEach(placed -> console.line(line(placed)));
                count += page.size();
                if (!console.isSeen()) {
                    progress.show(count, 0);
                }
            } while (!page.isEmpty());
        }
        progress.end();
    }

    private String line(PlacedMessage placed) {
        ChannelMessage message = placed.message();
        List<PlacedMessage.Reacted> reactions = placed.reactions().stream()
                .sorted(Comparator.comparing(PlacedMessage.Reacted::userId)).toList();
        learnNames(reactions.stream().map(PlacedMessage.Reacted::userId).filter(user -> !names.containsKey(user)).toList());
        return JsonLine.of(fields -> {
            fields.writeStringField("channel", message.channel());
            writeNick(fields, message.author().userId(), message.author().displayName());
            fields.writeStringField("sentAt", time(message.sentAt()));
            if (placed.deleted().isEmpty()) {
                fields.writeStringField("text", message.text());
            }
            fields.writeStringField("messageId", message.messageId());
            if (message.replyTo().isPresent()) {
                fields.writeStringField("replyTo", message.replyTo().get());
            }
            if (placed.edited().isPresent()) {
                fields.writeStringField("editedAt", time(placed.edited().get().at()));
            }
            if (!reactions.isEmpty()) {
                fields.writeArrayFieldStart("reactions");
                for (PlacedMessage.Reacted reacted : reactions) {
                    fields.writeStartObject();
                    writeNick(fields, reacted.userId(), names.getOrDefault(reacted.userId(), reacted.userId()));
                    Wire.writeStrings(fields, "reactions", reacted.reactions());
                    fields.writeEndObject();
                }
                fields.writeEndArray();
            }
            if (placed.deleted().isPresent()) {
                fields.writeStringField("deletedBy", placed.deleted().get().by());
                fields.writeStringField("deletedAt", time(placed.deleted().get().at()));
            }
        });
    }

    private void learnNames(List<String> users) {
        if (!users.isEmpty()) {
            users.forEach(user -> names.put(user, user));
            for (UserProfile user : store.profiles(users)) {
                names.put(user.userId(), user.displayName());
            }
        }
    }

    private static void writeNick(JsonGenerator fields, String userId, String displayName) throws IOException {
        fields.writeStringField("nick", userId);
        if (!displayName.equals(userId)) {
            fields.writeStringField("displayName", displayName);
        }
    }

    private static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }
}
