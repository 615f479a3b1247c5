package org.charla.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.charla.client.chat.PlacedMessage;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Wire;

/**
 * Runs through the commands once, so that the JVM can tell which classes they need: {@code ./charla} puts these into
 * an archive that later commands start from (class-data sharing). No server is needed, since what a command does until
 * it finds none is nearly all of it. A new command belongs into the list.
 */
final class Training {

    private static final List<String> COMMANDS = List.of(
            "--help",
            "send --help",
            "history general",
            "users",
            "channels",
            "send general hola",
            "send general hola --wait",
            "tail general",
            "chat --channel general");

    /** Where nobody listens, so that it takes a moment. */
    private static final Map<String, String> NOWHERE = Map.of(
            "CHARLA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
            "CHARLA_MONGODB_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100",
            "CHARLA_USER", "nobody");

    private static final String IMPATIENT = "kafka.max.block.ms=200\nkafka.default.api.timeout.ms=200\n"
            + "kafka.request.timeout.ms=200\nkafka.delivery.timeout.ms=200\n";

    private Training() {
    }

    public static void main(String[] args) throws IOException, MalformedJsonException {
        Console console = new Console(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(), false, false);
        Path config = Files.createTempFile("charla-training", ".properties");
        try {
            Files.writeString(config, IMPATIENT);
            for (String command : COMMANDS) {
                Charla.commandLine(NOWHERE, console).execute((command + " --config " + config).split(" "));
            }
        } finally {
            Files.delete(config);
        }
        showAMessage(console);
        // What is asked for with the first answer of a broker.
        Errors.forCode((short) 0);
        System.exit(0);
    }

    private static void showAMessage(Console console) throws MalformedJsonException {
        ChannelMessage message = new ChannelMessage("m1", "general", new ChannelMessage.Author("ada", "Ada"), "¡hola!",
                System.currentTimeMillis(), System.currentTimeMillis());
        PlacedMessage placed = new PlacedMessage(0, Wire.readChannelMessage(Wire.write(message)));
        console.line(new MessageText(ZoneOffset.UTC).of(placed));
        console.line(JsonLine.of(placed));
    }
}
