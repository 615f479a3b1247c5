package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code charla connectors} as a person or a script calls it. */
record Cli(String url, Map<String, String> settings, Map<String, String> kafka, Path folder, String answers,
        String stable) {

    /** @param status of the process */
    record Result(int status, String out, String err) {
    }

    static Cli of(String url, Path folder) {
        return new Cli(url, Map.of(), Map.of("bootstrap.servers", "127.0.0.1:1"), folder, null, "0.1");
    }

    /** On a terminal on which somebody types this. */
    Cli answering(String text) {
        return new Cli(url, settings, kafka, folder, text, stable);
    }

    Cli with(Map<String, String> connect) {
        return new Cli(url, connect, kafka, folder, answers, stable);
    }

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream((answers == null ? "" : answers).getBytes(UTF_8)), out, err, answers != null, false);
        StringWriter usage = new StringWriter();
        CommandLine line = new CommandLine(new ConnectorsCommand(
                () -> ConnectSettings.of(url, settings, Map.of(), kafka), terminal, folder));
        line.setOverwrittenOptionsAllowed(true);
        line.setErr(new PrintWriter(usage));
        int status = line.execute(Stream.concat(Stream.of("--stable", stable), Stream.of(args)).toArray(String[]::new));
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8) + usage);
    }
}
