package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.Deployer;
import org.charla.embedded.ConnectWorker;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The sink as an operator installs it: the archive that the build makes, unpacked into a folder of plugins. */
class PluginArchiveIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();


    @Test
    void isAllThatAWorkerNeedsToRunTheConnectors(@TempDir Path directory) throws Exception {
        Path plugins = unpack(archive(), Files.createDirectory(directory.resolve("plugins")));
        assertThat(plugins.resolve("charla-connect")).isDirectoryContaining("glob:**/LICENSE")
                .isDirectoryContaining("glob:**/THIRD-PARTY-NOTICES")
                .isDirectoryNotContaining("glob:**/bcprov*");
        try (EmbeddedStore store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
                EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("chat.users", 1, (short) 1),
                        new NewTopic("chat.channels", 1, (short) 1))).all().get();
            }
            try (ConnectWorker worker = ConnectWorker.start(Checkout.WORKER, plugins,
                    kafka.bootstrapServers(), 0, store.uri())) {
                String version = version();
                assertThat(pluginsOf(worker)).contains("""
                        {"class":"org.charla.connect.sink.CharlaSinkConnector","type":"sink","version":"%s"}"""
                        .formatted(version), """
                        "org.charla.connect.sink.ChannelMessageDocument","type":"transformation","version":"%s"}"""
                        .formatted(version));
                Deployer.apply(ConnectSettings.of(worker.url().toString(), Map.of(), Map.of(), Map.of()),
                        Stream.of("users-sink", "channels-sink", "channel-messages-sink").map(Checkout::connector).toList(),
                        Duration.ofSeconds(30), note -> { });
            }
        }
    }

    private static String pluginsOf(ConnectWorker worker) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(worker.url().resolve("/connector-plugins?connectorsOnly=false")).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String version() throws IOException {
        return archive().getFileName().toString().replaceAll("charla-connect-|[.]zip", "");
    }

    private static Path archive() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.HOME.resolve("connect/target"))) {
            return files.filter(file -> file.toString().endsWith(".zip")).findFirst().orElseThrow();
        }
    }

    private static Path unpack(Path archive, Path folder) throws IOException {
        try (InputStream in = Files.newInputStream(archive); ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(zip, target);
                }
            }
        }
        return folder;
    }
}
