package org.charla.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.charla.access.EventProducer;
import org.charla.access.KafkaAccess;
import org.charla.access.PlacedMessage;
import org.charla.client.identity.KeyFolder;
import org.charla.client.terminal.Console;
import org.charla.client.text.Appearance;
import org.charla.client.text.JsonLine;
import org.charla.client.text.MessageText;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSigner;

/**
 * Runs through the commands once, so that the JVM can tell which classes they need: {@code ./charla} puts these into
 * an archive that later commands start from (class-data sharing). No server is needed, since what a command does until
 * it finds none is nearly all of it. A new command belongs into the list. It is nobody's run: what the commands want to
 * keep goes into the folder that is given, which its maker removes.
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
            "identity show",
            "chat --channel general");

    private static final String NOBODY = "127.0.0.1:1";

    private static final Map<String, String> IMPATIENT = Map.of("max.block.ms", "200", "default.api.timeout.ms", "200",
            "request.timeout.ms", "200", "delivery.timeout.ms", "200");

    private Training() {
    }

    /**
     * Runs the commands.
     *
     * @param args the folder for what they keep
     */
    public static void main(String[] args) throws IOException, MalformedJsonException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        Console console = new Console(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(), false, false, false);
        Path config = Files.write(folder.resolve("training.properties"),
                IMPATIENT.entrySet().stream().map(setting -> "kafka." + setting.getKey() + "=" + setting.getValue()).toList());
        for (String command : COMMANDS) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--config", config.toString()));
            Charla.commandLine(nowhere(folder), console).execute(arguments.toArray(String[]::new));
        }
        showAMessage(console);
        signAMessage(folder);
        // What is asked for with the first answer of a broker.
        Errors.forCode((short) 0);
        System.exit(0);
    }

    /** Where nobody listens, so that it takes a moment; with nothing of the person's own environment. */
    private static Map<String, String> nowhere(Path folder) {
        return Map.of("CHARLA_BOOTSTRAP_SERVERS", NOBODY,
                "CHARLA_MONGODB_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100",
                "CHARLA_USER", "training",
                "XDG_STATE_HOME", folder.toString(),
                "XDG_DATA_HOME", folder.toString());
    }

    /** What a command does that has found out whose the user id is. */
    private static void signAMessage(Path folder) {
        KeyFolder keys = new KeyFolder(nowhere(folder));
        keys.obtain("training");
        RecordSigner signer = new RecordSigner(keys.obtain("training"), "charla", Topics.RAW);
        RawEvent event = new RawEvent.Message("m1", "training", "general", "hola", System.currentTimeMillis());
        try (EventProducer producer = new EventProducer(new KafkaAccess(NOBODY, IMPATIENT, ""), Map.of())) {
            producer.send(event, signer, (place, e) -> { });
            producer.flush();
        }
    }

    private static void showAMessage(Console console) throws MalformedJsonException {
        ChannelMessage message = new ChannelMessage("m1", "general", new Author("ada", "Ada"), "¡hola!",
                System.currentTimeMillis(), System.currentTimeMillis());
        PlacedMessage placed = new PlacedMessage(0, Wire.readChannelMessage(Wire.write(message)).orElseThrow());
        console.line(new MessageText(ZoneOffset.UTC).of(placed));
        console.line(JsonLine.of(placed));
        Appearance.of("Ada");
    }
}
