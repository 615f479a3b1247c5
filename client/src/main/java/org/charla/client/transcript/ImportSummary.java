package org.charla.client.transcript;

import java.util.OptionalLong;
import org.charla.client.text.JsonLine;

/**
 * What became of an import.
 *
 * @param sent messages that Kafka has acknowledged and the pipeline has not refused
 * @param changes edits, deletions and reactions of which that is true
 * @param duplicates messages that were not sent since MongoDB has them already
 * @param users users made
 * @param refused lines that could not be sent or that the pipeline refused, each reported by its file and number
 * @param claimed nicks that are protected now; empty where nobody asked for that
 * @param millis how long it took until Kafka had acknowledged all of it
 * @param completed whether it came to the end of all files, and the pipeline to the end of what was sent
 */
public record ImportSummary(long sent, long changes, long duplicates, long users, long refused, OptionalLong claimed,
        long millis, boolean completed) {

    public String toText() {
        return "sent " + sent + (changes > 0 ? ", changes " + changes : "") + ", duplicates skipped " + duplicates + ", users made " + users + ", lines refused "
                + refused + (claimed.isPresent() ? ", nicks protected " + claimed.getAsLong() : "") + " (" + Math.max(1, millis / 1000) + " s)" + (completed ? "" : ", not completed");
    }

    public String toJson() {
        return JsonLine.of(fields -> {
            fields.writeNumberField("sent", sent);
            fields.writeNumberField("changes", changes);
            fields.writeNumberField("duplicates", duplicates);
            fields.writeNumberField("users", users);
            fields.writeNumberField("refused", refused);
            if (claimed.isPresent()) {
                fields.writeNumberField("protected", claimed.getAsLong());
            }
            fields.writeNumberField("millis", millis);
            fields.writeBooleanField("completed", completed);
        });
    }
}
