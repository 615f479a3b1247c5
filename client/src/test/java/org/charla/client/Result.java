package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.charla.client.terminal.Console;

/** What a command left behind. */
record Result(int status, String out, String err) {

    /** Of a command that no person reads or answers. */
    static Result of(Map<String, String> environment, String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Charla.commandLine(environment,
                new Console(new ByteArrayInputStream(input.getBytes(UTF_8)), out, err, false, false, false)).execute(arguments);
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8));
    }
}
