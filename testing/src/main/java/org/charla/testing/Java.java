package org.charla.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that start a class in a JVM like this one. */
public final class Java {

    private Java() {
    }

    /** The class is found on the class path that is given. */
    public static List<String> command(List<String> options, String classPath, Class<?> main, String... arguments) {
        return command(options, classPath, main.getName(), arguments);
    }

    /**
     * What starts a main class in a JVM like this one.
     *
     * @param options of the JVM
     */
    public static List<String> command(List<String> options, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Dcharla.home=" + Checkout.HOME);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
