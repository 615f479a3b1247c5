package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The alerts of docker/alerts.yml; {@link MetricsIT} looks whether there is what they look at. */
class AlertsTest {

    private static final Path RULES = Checkout.HOME.resolve("docker/alerts.yml");
    private static final Path SCENARIOS = Checkout.HOME.resolve("standalone/src/test/resources/alerts-test.yml");
    private static final Pattern ALERT = Pattern.compile(
            "- alert: (\\w+)\\R(?:(?!\\R +- )[\\s\\S])*?labels: \\{severity: (?:critical|warning)}\\R +annotations:\\R"
                    + " +summary: \".+\"\\R +runbook: docs/operations.md#(\\w+)\\R");

    private record Alert(String name, String runbook) {
    }

    @Test
    void fireWhenTheyShouldAndNotOtherwise() throws Exception {
        promtool("test", "rules", SCENARIOS.toString());
    }

    @Test
    void areEachMadeToFire() throws IOException {
        String scenarios = Files.readString(SCENARIOS);
        assertThat(alerts()).isNotEmpty().allSatisfy(alert ->
                assertThat(scenarios).contains("alertname=\"" + alert.name() + '"'));
    }

    @Test
    void areLoadedByPrometheus() throws Exception {
        promtool("check", "config", "docker/prometheus.yml");
        assertThat(Files.readString(Checkout.HOME.resolve("docker/prometheus.yml")))
                .contains("rule_files: [alerts.yml]");
        assertThat(Files.readString(Checkout.HOME.resolve("docker-compose.yml")))
                .contains("- ./docker/alerts.yml:/etc/prometheus/alerts.yml:ro");
    }

    @Test
    void leadToWhatToDo() throws IOException {
        List<String> operations = Files.readAllLines(Checkout.HOME.resolve("docs/operations.md"));
        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(alert.runbook()).isEqualTo(alert.name().toLowerCase(Locale.ROOT));
            assertThat(operations).contains("#### " + alert.name());
        });
    }

    private static List<Alert> alerts() throws IOException {
        String rules = Files.readString(RULES);
        List<Alert> alerts = ALERT.matcher(rules).results()
                .map(found -> new Alert(found.group(1), found.group(2))).toList();
        assertThat(alerts).as("alerts with severity, summary and runbook")
                .hasSize((int) Pattern.compile("- alert: ").matcher(rules).results().count());
        return alerts;
    }

    private static void promtool(String... arguments) throws Exception {
        Optional<Path> program = Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, "promtool")).filter(Files::isExecutable).findFirst();
        if (program.isEmpty() && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("no promtool on the PATH");
        }
        Assumptions.assumeTrue(program.isPresent(), "no promtool on the PATH: it is part of Prometheus");
        ProcessBuilder command = new ProcessBuilder(program.get().toString());
        command.command().addAll(List.of(arguments));
        Process process = command.directory(Checkout.HOME.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
