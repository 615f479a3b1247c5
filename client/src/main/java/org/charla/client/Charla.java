package org.charla.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.charla.access.AccessFailure;
import org.charla.client.command.ChannelsCommand;
import org.charla.client.command.ChatCommand;
import org.charla.client.command.CommonOptions;
import org.charla.client.command.CompletionCommand;
import org.charla.client.command.DeleteCommand;
import org.charla.client.command.EditCommand;
import org.charla.client.command.ExportCommand;
import org.charla.client.command.HistoryCommand;
import org.charla.client.command.IdentityCommand;
import org.charla.client.command.ImportCommand;
import org.charla.client.command.ReactCommand;
import org.charla.client.command.RulesCommand;
import org.charla.client.command.SendCommand;
import org.charla.client.command.TailCommand;
import org.charla.client.command.UsersCommand;
import org.charla.client.command.Words;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code charla}: its subcommands, and what becomes of errors. Exit status: 0 done, 1 failed, 2 wrong
 * usage.
 */
@Command(name = "charla", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true,
        versionProvider = Charla.Version.class, usageHelpAutoWidth = true, sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ChatCommand.class, SendCommand.class, EditCommand.class, DeleteCommand.class, ReactCommand.class,
            RulesCommand.class, HistoryCommand.class, TailCommand.class, ChannelsCommand.class, UsersCommand.class,
            ImportCommand.class, ExportCommand.class, IdentityCommand.class, CompletionCommand.class})
public final class Charla extends CommonOptions {

    /** What the names of the environment's variables begin with that mean something here. */
    private static final String VARIABLES = "CHARLA_";

    private Charla(Map<String, String> environment, Console console) {
        super(environment, console);
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /**
     * The command line with the commands of this module, for the environment and streams of the process. More
     * commands are added as subcommands ({@link #parseAlike}); by {@code @ParentCommand} they reach the
     * {@link #settings()}.
     */
    public static CommandLine commandLine() {
        return commandLine(System.getenv(), Console.ofProcess());
    }

    /**
     * Lets all commands read their arguments in the same way, as they were written: to be called again behind commands
     * that are added.
     *
     * @return the same line
     */
    public static CommandLine parseAlike(CommandLine line) {
        return line
                // A script that puts an option in front can be told otherwise behind it.
                .setOverwrittenOptionsAllowed(true)
                // A text that speaks to somebody is no name of a file, and a user may be called like a command.
                .setExpandAtFiles(false)
                .setAllowSubcommandsAsOptionParameters(true);
    }

    /** The same for another environment and other streams. */
    public static CommandLine commandLine(Map<String, String> environment, Console console) {
        Charla charla = new Charla(environment, console);
        CommandLine line = new CommandLine(charla);
        parseAlike(line);
        Words.takeAsTheyAre(line.getSubcommands().get("send"));
        Words.takeAsTheyAre(line.getSubcommands().get("edit"));
        line.setOut(console.outWriter());
        line.setExecutionStrategy(parsed -> {
            charla.requireReadable(parsed);
            charla.requireKnownLanguage(parsed);
            if (parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested)) {
                charla.translate(parsed.commandSpec());
            }
            if (charla.isVerbose()) {
                QuietLogging.showLibraries();
            }
            try {
                return new CommandLine.RunLast().execute(parsed);
            } catch (OutOfMemoryError e) {
                // Kafka's client believes the length that it reads, and where TLS is spoken that is 336 MiB.
                return charla.failed(new CommandFailure("there is not enough memory (" + e.getMessage()
                        + "): if Kafka wants TLS, set kafka.truststore or kafka.username"));
            }
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> charla.failed(e));
        line.setParameterExceptionHandler((e, args) -> charla.wronglyUsed(e));
        return line;
    }

    /** Java reads arguments and environment in the encoding of the locale, and what is none there would be lost. */
    private void requireReadable(CommandLine.ParseResult parsed) {
        Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding"));
        Stream<String> variables = environment().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(VARIABLES)).map(Map.Entry::getValue);
        boolean replaced = Stream.concat(variables, parsed.originalArgs().stream())
                .anyMatch(text -> text.contains("\uFFFD"));
        boolean utf8 = encoding.equals(UTF_8);
        // In UTF-8 the sign of what is lost may be what was written.
        if (replaced && !utf8
                || (replaced || encoding.equals(US_ASCII)) && isBeyond(encoding, parsed.originalArgs().size())) {
            throw new ParameterException(parsed.commandSpec().commandLine(), MessageFormat.format(
                    texts().getString(utf8 ? "error.notUtf8" : "error.encoding"), encoding));
        }
    }

    /** Java puts other characters where it can't read one: Linux knows what was there. */
    private static boolean isBeyond(Charset encoding, int arguments) {
        try {
            String[] whole = Files.readString(Path.of("/proc/self/cmdline"), ISO_8859_1).split("\0");
            String[] variables = Files.readString(Path.of("/proc/self/environ"), ISO_8859_1).split("\0");
            return Stream.concat(Arrays.stream(whole, Math.max(0, whole.length - arguments), whole.length),
                    Arrays.stream(variables).filter(variable -> variable.startsWith(VARIABLES)))
                    .anyMatch(text -> !isIn(encoding, text.getBytes(ISO_8859_1)));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isIn(Charset encoding, byte[] text) {
        try {
            encoding.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private void requireKnownLanguage(CommandLine.ParseResult parsed) {
        if (!isLanguageKnown()) {
            throw new ParameterException(parsed.commandSpec().commandLine(), texts().getString("error.lang"));
        }
    }

    private int failed(Exception e) {
        console().progress("");
        if (e instanceof Console.OutputClosedException) {
            return CommandLine.ExitCode.OK;
        }
        console().error(e instanceof CommandFailure || e instanceof AccessFailure ? e.getMessage() : "unexpected " + e);
        if (isVerbose()) {
            e.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private int wronglyUsed(ParameterException e) {
        ResourceBundle texts = texts();
        console().error(reason(e, texts));
        console().errorLine(MessageFormat.format(texts.getString("error.hint"),
                e.getCommandLine().getCommandSpec().qualifiedName()));
        return CommandLine.ExitCode.USAGE;
    }

    private static String reason(ParameterException e, ResourceBundle texts) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return MessageFormat.format(
                    texts.getString(unmatched.isUnknownOption() ? "error.unknownOption" : "error.unmatched"),
                    String.join(" ", unmatched.getUnmatched()));
        }
        if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
            return MessageFormat.format(texts.getString("error.missing"),
                    missing.getMissing().stream().map(Charla::nameOf).collect(Collectors.joining(" ")));
        }
        if (e.getArgSpec() != null) {
            String name = nameOf(e.getArgSpec());
            if (e.getArgSpec().typeInfo().isBoolean()) {
                return MessageFormat.format(texts.getString("error.flag"), name);
            }
            String rule = "error.value." + name;
            // A value that may hold a secret isn't told.
            return (e.getValue() == null ? name : MessageFormat.format(texts.getString("error.value"), name, e.getValue()))
                    + (texts.containsKey(rule) ? ": " + texts.getString(rule) : "");
        }
        if (e.getMessage().equals("Missing required subcommand")) {
            return texts.getString("error.noCommand");
        }
        return e.getMessage();
    }

    private static String nameOf(ArgSpec argument) {
        return argument.isOption() ? ((OptionSpec) argument).longestName() : argument.paramLabel();
    }

    /** Written by the build. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() throws IOException {
            try (InputStream version = Charla.class.getResourceAsStream("version.txt")) {
                return new String[] {new String(version.readAllBytes(), UTF_8).strip()};
            }
        }
    }
}
