package org.charla.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.charla.testing.Checkout;

/** Commands that start a class in a JVM like this one. */
final class Java {

    private Java() {
    }

    static List<String> command(List<String> options, String classPath, Class<?> main, String... arguments) {
        return command(options, classPath, main.getName(), arguments);
    }

    static List<String> command(List<String> options, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Dcharla.home=" + Checkout.HOME);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
