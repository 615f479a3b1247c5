package org.charla.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;

/** All that was measured, as it was measured: printed on the way, then as a table for people and a file for programs. */
final class Report {

    /**
     * One measurement.
     *
     * @param repeat the measurements of one number were made next to each other
     */
    record Sample(String figure, String unit, String contender, int repeat, double value) {
    }

    private final List<Sample> samples = new ArrayList<>();
    private final Set<String> remarks = new LinkedHashSet<>();

    /** @param contender its name goes into the report */
    void add(String figure, String unit, Object contender, int repeat, double value) {
        samples.add(new Sample(figure, unit, contender.toString(), repeat, value));
        System.out.printf(Locale.ROOT, "%s %s, %s: %s %s%n",
                Instant.now().truncatedTo(ChronoUnit.SECONDS), figure, contender, rounded(value), unit);
    }

    /** Something that the reader of the figures has to know, be it said again or not. */
    void remark(String remark) {
        if (remarks.add(remark)) {
            System.out.println(remark);
        }
    }

    /** Writes {@code results.json} and {@code results.md}. */
    void write(Path folder, Map<String, String> settings) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("environment", environment());
        all.put("settings", settings);
        all.put("remarks", remarks);
        all.put("samples", samples);
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("results.json").toFile(), all);
        Files.writeString(folder.resolve("results.md"), markdown(settings));
    }

    private String markdown(Map<String, String> settings) throws IOException {
        StringBuilder text = new StringBuilder();
        environment().forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
        settings.forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
        remarks.forEach(remark -> text.append("- ").append(remark).append('\n'));
        text.append("\n| figure | who | median | least to most | times Charla's |\n|---|---|---|---|---|\n");
        Set<String> figures = new LinkedHashSet<>();
        samples.forEach(sample -> figures.add(sample.figure));
        for (String figure : figures) {
            Set<String> contenders = new LinkedHashSet<>();
            of(figure, null).forEach(sample -> contenders.add(sample.contender));
            for (String contender : contenders) {
                double[] values = of(figure, contender).mapToDouble(Sample::value).sorted().toArray();
                text.append(String.format(Locale.ROOT, "| %s, %s | %s | %s | %s to %s | %s |%n", figure,
                        of(figure, contender).findFirst().orElseThrow().unit, contender, rounded(median(values)),
                        rounded(values[0]), rounded(values[values.length - 1]),
                        contender.equals(Contender.CHARLA.toString()) ? "" : ratio(figure, contender)));
            }
        }
        return text.toString();
    }

    private Stream<Sample> of(String figure, String contender) {
        return samples.stream().filter(sample -> sample.figure.equals(figure)
                && (contender == null || sample.contender.equals(contender)));
    }

    /** The median of the ratios of what was measured next to each other. */
    private String ratio(String figure, String contender) {
        double[] ratios = of(figure, contender).mapToDouble(sample -> {
            OptionalDouble charla = of(figure, Contender.CHARLA.toString())
                    .filter(other -> other.repeat == sample.repeat).mapToDouble(Sample::value).findFirst();
            return charla.isPresent() ? sample.value / charla.getAsDouble() : Double.NaN;
        }).filter(ratio -> !Double.isNaN(ratio)).sorted().toArray();
        return ratios.length == 0 ? "" : String.format(Locale.ROOT, "%.2f", median(ratios));
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String rounded(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }

    private static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        environment.put("processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        environment.put("memory", memory());
        environment.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        environment.put("Kafka", kafkaVersion());
        environment.put("load average", String.format(Locale.ROOT, "%.2f at the end",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        return environment;
    }

    private static String processor() throws IOException {
        return line(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch"));
    }

    private static String memory() throws IOException {
        return line(Path.of("/proc/meminfo"), "MemTotal").orElse("unknown");
    }

    private static Optional<String> line(Path file, String name) throws IOException {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        }
    }

    private static String kafkaVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream version = KafkaProducer.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            properties.load(version);
        }
        return properties.getProperty("version");
    }
}
