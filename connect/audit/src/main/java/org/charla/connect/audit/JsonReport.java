package org.charla.connect.audit;

import java.util.Map;
import org.charla.client.terminal.Console;
import org.charla.client.text.JsonLine;
import org.charla.protocol.Wire;

/** One JSON object a line: each difference, and each topic behind its differences. */
final class JsonReport implements Report {

    private final Console console;

    JsonReport(Console console) {
        this.console = console;
    }

    @Override
    public void progress(Findings findings, long records, long of) {
    }

    @Override
    public void difference(Findings findings, Difference difference) {
        console.line(JsonLine.of(json -> {
            json.writeStringField("collection", findings.topic());
            json.writeStringField("difference", difference.kind().key());
            if (difference.kind() != Difference.Kind.NO_INDEX) {
                json.writeStringField("_id", difference.id());
            }
            if (difference.position() >= 0) {
                json.writeNumberField("position", difference.position());
            }
            if (!difference.change().isEmpty()) {
                json.writeStringField("change", difference.change());
            }
            if (!difference.fields().isEmpty()) {
                Wire.writeStrings(json, "fields", difference.fields());
            }
            if (difference.isDeadLetter()) {
                json.writeBooleanField("deadLetter", true);
            }
            if (difference.repair().isDone()) {
                json.writeBooleanField("repaired", true);
            } else if (!difference.repair().refusal().isEmpty()) {
                json.writeStringField("refused", difference.repair().refusal());
            }
        }));
    }

    @Override
    public void gapEnded(Findings findings) {
    }

    @Override
    public void judged(Findings findings) {
        console.line(JsonLine.of(json -> {
            json.writeStringField("collection", findings.topic());
            json.writeBooleanField("equal", findings.isEqual());
            for (Map.Entry<Findings.Count, Long> count : findings.counts().entrySet()) {
                json.writeNumberField(count.getKey().key(), count.getValue());
            }
        }));
    }

    @Override
    public void failed(Findings findings, String reason) {
        console.line(JsonLine.of(json -> {
            json.writeStringField("collection", findings.topic());
            json.writeStringField("failed", reason);
        }));
    }

    @Override
    public void ended() {
    }
}
