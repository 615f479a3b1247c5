package org.charla.release;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.charla.standalone.Main;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes the manual: a page for each command in each language, from what {@code --help} says of it. The pages are roff
 * with the macros of man(7), in ASCII, which groff and mandoc show in any locale.
 */
public final class ManPages {

    private static final Map<String, ManPages> LANGUAGES = Map.of(
            "en", new ManPages("", Map.of("name", "NAME", "synopsis", "SYNOPSIS", "description", "DESCRIPTION",
                    "arguments", "ARGUMENTS", "options", "OPTIONS", "commands", "COMMANDS", "status", "EXIT STATUS",
                    "statuses", "0: done. 1: failed. 2: wrong usage.", "connectors", """
                    3: there are differences. 4: the worker (or, when validating, MongoDB) can't be reached.""",
                    "more", "SEE ALSO")),
            "es", new ManPages("es", Map.of("name", "NOMBRE", "synopsis", "SINOPSIS", "description", "DESCRIPCIÓN",
                    "arguments", "ARGUMENTOS", "options", "OPCIONES", "commands", "ÓRDENES", "status",
                    "ESTADO DE SALIDA", "statuses", "0: hecho. 1: ha fallado. 2: uso incorrecto.", "connectors", """
                    3: hay diferencias. 4: no se puede llegar al worker (o, al validar, a MongoDB).""",
                    "more", "VÉASE TAMBIÉN")));

    private static final Pattern SPECIAL = Pattern.compile("[^\\x20-\\x7e]|[-\\\\'`^~\"]");
    /** Wider than any text, so that man breaks the lines, not picocli. */
    private static final int WIDTH = 100_000;

    private final String folder;
    private final Map<String, String> words;

    private ManPages(String folder, Map<String, String> words) {
        this.folder = folder;
        this.words = words;
    }

    /**
     * Writes the manuals.
     *
     * @param args the folder to write to, and the version that the pages name
     */
    public static void main(String[] args) throws IOException {
        for (String language : LANGUAGES.keySet()) {
            CommandLine line = Main.commandLine().setUsageHelpAutoWidth(false).setUsageHelpWidth(WIDTH);
            // Asked for help, the command line takes up the texts of the language.
            line.setOut(new PrintWriter(Writer.nullWriter())).execute("--help", "--lang", language);
            ManPages pages = LANGUAGES.get(language);
            Path folder = Files.createDirectories(Path.of(args[0]).resolve(pages.folder).resolve("man1"));
            pages.write(line, folder, args[1]);
        }
    }

    private void write(CommandLine line, Path folder, String version) throws IOException {
        Files.writeString(folder.resolve(name(line.getCommandSpec()) + ".1"), page(line, version), US_ASCII);
        for (CommandLine subcommand : line.getSubcommands().values()) {
            write(subcommand, folder, version);
        }
    }

    private String page(CommandLine line, String version) {
        CommandSpec command = line.getCommandSpec();
        Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
        StringBuilder page = new StringBuilder(".TH \"%s\" 1 \"\" \"Charla %s\" \"Charla\"\n".formatted(
                escaped(name(command)).toUpperCase(Locale.ROOT), escaped(version)));
        // Options and addresses stay in one piece.
        page.append(".nh\n.ad l\n");

        section(page, "name").append(escaped(name(command))).append(" \\- ").append(escaped(summary(line))).append('\n');
        section(page, "synopsis").append(text(help.synopsis(0)));
        if (!help.description().isBlank()) {
            section(page, "description").append(paragraphs(help.description()));
        }
        if (!command.positionalParameters().isEmpty()) {
            section(page, "arguments");
            command.positionalParameters().forEach(argument ->
                    item(page, bold(argument.paramLabel()), description(argument)));
        }
        section(page, "options");
        command.options().stream().filter(option -> !option.hidden()).forEach(option ->
                item(page, names(option), description(option)));
        if (!line.getSubcommands().isEmpty()) {
            section(page, "commands");
            line.getSubcommands().values().forEach(subcommand ->
                    item(page, reference(subcommand.getCommandSpec()), summary(subcommand)));
        }
        page.append(paragraphs(help.footer()));
        section(page, "status").append(escaped(words.get("statuses"))).append('\n');
        if (command.qualifiedName().contains("connectors")) {
            page.append(escaped(words.get("connectors"))).append('\n');
        }
        if (command.parent() != null) {
            section(page, "more").append(reference(command.parent())).append('\n');
        }
        return page.toString();
    }

    private StringBuilder section(StringBuilder page, String word) {
        return heading(page, words.get(word));
    }

    private static StringBuilder heading(StringBuilder page, String title) {
        return page.append(".SH \"").append(escaped(title)).append("\"\n");
    }

    private static void item(StringBuilder page, String term, String text) {
        page.append(".TP\n").append(term).append('\n').append(text(text));
    }

    /** What stands indented is shown as it is; a line in front of it that ends with a colon is its heading. */
    private static String paragraphs(String text) {
        StringBuilder page = new StringBuilder();
        List<String> lines = text.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).toList();
        boolean isVerbatim = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isIndented = line.startsWith(" ");
            if (isIndented != isVerbatim) {
                page.append(isIndented ? ".nf\n" : ".fi\n");
                isVerbatim = isIndented;
            }
            boolean isHeading = line.endsWith(":") && i + 1 < lines.size() && lines.get(i + 1).startsWith(" ");
            if (isIndented) {
                page.append(text(line.strip()));
            } else if (isHeading) {
                heading(page, line.substring(0, line.length() - 1).toUpperCase(Locale.ROOT));
            } else {
                page.append(".PP\n").append(text(line));
            }
        }
        return page.append(isVerbatim ? ".fi\n" : "").toString();
    }

    private static String summary(CommandLine line) {
        return String.join(" ", line.getCommandSpec().usageMessage().header()).replaceFirst("\\.$", "");
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private static String names(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
        return List.of(option.names()).stream().map(ManPages::bold).collect(Collectors.joining(", ")) + escaped(value);
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private static String reference(CommandSpec command) {
        return bold(name(command)) + "(1)";
    }

    private static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    /** Lines that no sign at their beginning makes a request. */
    private static String text(String text) {
        return text.lines().map(line -> "\\&" + escaped(line.strip()) + "\n").collect(Collectors.joining());
    }

    /** By the names that groff_char(7) and mandoc_char(7) give signs, since roff has its own idea of some. */
    private static String escaped(String text) {
        return SPECIAL.matcher(text).replaceAll(sign -> Matcher.quoteReplacement(switch (sign.group()) {
            case "-" -> "\\-";
            case "\\" -> "\\e";
            case "'" -> "\\(aq";
            case "`" -> "\\(ga";
            case "^" -> "\\(ha";
            case "~" -> "\\(ti";
            case "\"" -> "\\(dq";
            default -> "\\[u%04X]".formatted(sign.group().codePointAt(0));
        }));
    }
}
