package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.charla.client.terminal.Console;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Kafka that the streams app has never seen. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BareKafkaIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0, faults);
    }

    @AfterAll
    void stop() throws Exception {
        kafka.close();
    }

    @ParameterizedTest
    @CsvSource({"send general hola, chat.users", "send general hola --wait, chat.refusals", "import FILE, chat.users"})
    void isToldFromOneThatDoesNotAnswer(String command, String topic, @TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status = Charla.commandLine(Map.of("CHARLA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "XDG_DATA_HOME", folder.toString()),
                        new Console(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err, false, false, false))
                .execute(command.replace("FILE", file.toString()).split(" "));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(UTF_8)).hasLineCount(1).contains(topic, "the streams app makes")
                .doesNotContain("does not answer");
    }
}
