package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Against a worker that speaks TLS alone, wants to see a certificate, and asks for a password. */
class SecuredWorkerIT {

    private static final String STORE_PASSWORD = "store-hunter2";

    @TempDir
    static Path home;

    @RegisterExtension
    private static final ServerFaults faults = new ServerFaults();

    private static EmbeddedKafka broker;
    private static Worker worker;

    @TempDir
    Path folder;

    /** All that it takes; each test leaves out something. */
    private Map<String, String> settings;

    @BeforeAll
    static void start() throws Exception {
        makeIdentity("worker", "-ext", "san=ip:127.0.0.1");
        makeIdentity("deployer");
        makeIdentity("stranger");
        keytool("worker-trusts", "-importcert", "-noprompt", "-alias", "deployer", "-file", pem("deployer").toString());
        Path secrets = Files.writeString(home.resolve("secrets.properties"), "store=" + STORE_PASSWORD + "\n");
        broker = EmbeddedKafka.start(Checkout.BROKER, home.resolve("kafka"), 0, faults);
        worker = Worker.start(home, broker.bootstrapServers(), Map.of(
                "listeners", "https://127.0.0.1:PORT",
                "listeners.https.ssl.keystore.location", store("worker").toString(),
                "listeners.https.ssl.keystore.password", "${file:" + secrets + ":store}",
                "listeners.https.ssl.truststore.location", store("worker-trusts").toString(),
                "listeners.https.ssl.truststore.password", STORE_PASSWORD,
                "listeners.https.ssl.client.auth", "required",
                "rest.extension.classes", PasswordRequired.class.getName()));
    }

    @AfterAll
    static void stop() {
        worker.close();
        broker.close();
    }

    @BeforeEach
    void awaitWorker() throws IOException {
        settings = new HashMap<>(Map.of("username", PasswordRequired.NAME, "password", PasswordRequired.PASSWORD,
                "truststore", pem("worker").toString(),
                "keystore", store("deployer").toString(), "keystore.password", STORE_PASSWORD));
        await().atMost(Duration.ofSeconds(60)).until(() -> run("list").status() == 0);
        Files.writeString(folder.resolve("a.json"),
                "{\"connector.class\":\"org.charla.connect.deploy.ObedientSink\",\"topics\":\"letters\"}");
    }

    @Test
    void deploysWithACertificateAndAPassword() {
        assertThat(run("apply").out()).isEqualTo("a: created, running, 1 task\n");
        assertThat(run("status").out()).startsWith("a: RUNNING on " + worker.id());
        assertThat(run("delete", "--yes", "a").status()).isZero();
    }

    @Test
    void trustsAlsoWhatATruststoreOfJavaHolds() throws Exception {
        keytool("deployer-trusts", "-importcert", "-noprompt", "-alias", "worker", "-file", pem("worker").toString());
        settings.putAll(Map.of("truststore", store("deployer-trusts").toString(), "truststore.password",
                STORE_PASSWORD));
        assertThat(run("list").status()).isZero();
        settings.put("truststore.password", "wrong");
        assertRefused(1, "connect.truststore.password");
    }

    @Test
    void takesThePasswordFromTheUrl() {
        settings.keySet().removeAll(List.of("username", "password"));
        assertThat(cli(worker.url().replace("//", "//alice:hunter2@")).run("list").status()).isZero();
    }

    @Test
    void saysThatTheWorkerAsksForAPassword() {
        settings.put("password", "hunter3");
        assertRefused(1, "refuses the credentials (HTTP 401): set connect.username and connect.password");
        settings.keySet().removeAll(List.of("username", "password"));
        assertRefused(1, "refuses the credentials (HTTP 401): set connect.username and connect.password");
    }

    @Test
    void saysThatTheWorkerAsksForACertificate() {
        settings.keySet().removeAll(List.of("keystore", "keystore.password"));
        assertRefused(4, "over TLS", "connect.keystore");
        settings.putAll(Map.of("keystore", store("stranger").toString(), "keystore.password", STORE_PASSWORD));
        assertRefused(4, "over TLS", "connect.keystore");
    }

    @Test
    void doesNotTrustAWorkerThatNobodyKnows() {
        settings.remove("truststore");
        assertRefused(4, "over TLS", "connect.truststore");
        settings.put("truststore", pem("stranger").toString());
        assertRefused(4, "over TLS", "connect.truststore");
    }

    @Test
    void doesNotTakeACertificateAloneForAnIdentity() {
        settings.put("keystore", pem("deployer").toString());
        assertRefused(1, "can't be read as PKCS12 or JKS with connect.keystore.password");
    }

    @Test
    void saysThatTheWorkerSpeaksTls() {
        assertThat(cli(worker.url().replace("https", "http")).run("list")).satisfies(list -> {
            assertThat(list.status()).isNotZero();
            assertThat(list.err()).contains("https").hasLineCount(1);
        });
    }

    private void assertRefused(int status, String... words) {
        assertThat(run("list")).satisfies(list -> {
            assertThat(list.status()).isEqualTo(status);
            assertThat(list.err()).contains(words).doesNotContain("hunter").hasLineCount(1);
        });
    }

    private Cli.Result run(String... args) {
        return cli(worker.url()).run(args);
    }

    private Cli cli(String url) {
        return Cli.of(url, folder).with(settings);
    }

    /** A key with its certificate in a keystore, and the certificate alone as PEM. */
    private static void makeIdentity(String name, String... more) throws Exception {
        keytool(name, Stream.concat(Stream.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name),
                Stream.of(more)).toArray(String[]::new));
        keytool(name, "-exportcert", "-rfc", "-alias", name, "-file", pem(name).toString());
    }

    private static void keytool(String store, String... args) throws Exception {
        Process process = new ProcessBuilder(Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                Stream.concat(Stream.of(args), Stream.of("-keystore", store(store).toString(), "-storetype", "PKCS12",
                        "-storepass", STORE_PASSWORD))).toList())
                .redirectErrorStream(true).redirectOutput(home.resolve("keytool.log").toFile()).start();
        assertThat(process.waitFor()).as(() -> "keytool, see " + home.resolve("keytool.log")).isZero();
    }

    private static Path store(String name) {
        return home.resolve(name + ".p12");
    }

    private static Path pem(String name) {
        return home.resolve(name + ".pem");
    }
}
