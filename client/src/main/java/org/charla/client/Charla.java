package org.charla.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.charla.access.AccessFailure;
import org.charla.client.command.ChannelsCommand;
import org.charla.client.command.ChatCommand;
import org.charla.client.command.ChatSession;
import org.charla.client.command.CompletionCommand;
import org.charla.client.command.HistoryCommand;
import org.charla.client.command.ImportCommand;
import org.charla.client.command.SendCommand;
import org.charla.client.command.Settings;
import org.charla.client.command.TailCommand;
import org.charla.client.command.UsersCommand;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.Language;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code charla}: its subcommands, the options that all of them take, before the subcommand or behind it,
 * and what becomes of errors. Exit status: 0 done, 1 failed, 2 wrong usage.
 */
@Command(name = "charla", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true,
        versionProvider = Charla.Version.class, usageHelpAutoWidth = true, sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ChatCommand.class, SendCommand.class, HistoryCommand.class, TailCommand.class,
            ChannelsCommand.class, UsersCommand.class, ImportCommand.class, CompletionCommand.class})
public final class Charla {

    private final Map<String, String> environment;
    private final Console console;

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT,…", scope = ScopeType.INHERIT)
    private String bootstrapServers;

    @Option(names = "--mongodb-uri", paramLabel = "URI", scope = ScopeType.INHERIT)
    private String mongodbUri;

    @Option(names = "--connect-url", paramLabel = "URL", scope = ScopeType.INHERIT)
    private String connectUrl;

    @Option(names = "--user", paramLabel = "USER-ID", scope = ScopeType.INHERIT)
    private String user;

    @Option(names = "--config", paramLabel = "FILE", scope = ScopeType.INHERIT)
    private Path config;

    @Option(names = {"-v", "--verbose"}, scope = ScopeType.INHERIT)
    private boolean verbose;

    @Option(names = "--lang", paramLabel = "es|en", scope = ScopeType.INHERIT)
    private String lang;

    private Charla(Map<String, String> environment, Console console) {
        this.environment = environment;
        this.console = console;
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

    static CommandLine commandLine(Map<String, String> environment, Console console) {
        Charla charla = new Charla(environment, console);
        CommandLine line = new CommandLine(charla);
        parseAlike(line);
        SendCommand.takeTextsAsTheyAre(line.getSubcommands().get("send"));
        line.setOut(console.outWriter());
        line.setExecutionStrategy(parsed -> {
            charla.requireReadable(parsed);
            charla.requireKnownLanguage(parsed);
            if (parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested)) {
                charla.translate(parsed.commandSpec());
            }
            if (charla.verbose) {
                QuietLogging.showLibraries();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> charla.failed(e));
        line.setParameterExceptionHandler((e, args) -> charla.wronglyUsed(e));
        return line;
    }

    /** Java reads arguments and environment in the encoding of the locale, and what is none there would be lost. */
    private void requireReadable(CommandLine.ParseResult parsed) {
        String encoding = System.getProperty("sun.jnu.encoding");
        if (UTF_8.name().equals(encoding)) {
            return;
        }
        Stream<String> variables = environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("CHARLA_")).map(Map.Entry::getValue);
        if (Stream.concat(variables, parsed.originalArgs().stream()).anyMatch(text -> text.contains("\uFFFD"))
                || Charset.forName(encoding).equals(US_ASCII) && areBeyondAscii(parsed.originalArgs().size())) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "the arguments, or CHARLA_ variables, hold"
                    + " characters that this locale's encoding, " + encoding + ", can't carry: set LC_ALL=C.UTF-8");
        }
    }

    /** Where the locale has ASCII alone, Java writes question marks for all else: Linux knows what was there. */
    private static boolean areBeyondAscii(int arguments) {
        try {
            String[] whole = Files.readString(Path.of("/proc/self/cmdline"), ISO_8859_1).split("\0");
            return Arrays.stream(whole, Math.max(0, whole.length - arguments), whole.length)
                    .anyMatch(argument -> !US_ASCII.newEncoder().canEncode(argument));
        } catch (IOException e) {
            return false;
        }
    }

    private void requireKnownLanguage(CommandLine.ParseResult parsed) {
        if (lang != null && !Language.isKnown(lang)) {
            throw new ParameterException(parsed.commandSpec().commandLine(), texts().getString("error.lang"));
        }
    }

    /** Gives help its texts: now, since reading them would cost each command a moment. */
    public void translate(CommandSpec command) {
        command.root().commandLine().setResourceBundle(texts());
    }

    private ResourceBundle texts() {
        return Language.texts("org.charla.client.help", language());
    }

    /** The language of the person, with the country by which dates are written. */
    public Locale language() {
        return Language.of(lang, environment);
    }

    /**
     * The settings from options, environment and configuration file.
     *
     * @throws CommandFailure if the configuration file is missing or wrong
     */
    public Settings settings() {
        Map<Settings.Key, String> options = new EnumMap<>(Settings.Key.class);
        putIfGiven(options, Settings.Key.BOOTSTRAP_SERVERS, bootstrapServers);
        putIfGiven(options, Settings.Key.MONGODB_URI, mongodbUri);
        putIfGiven(options, Settings.Key.CONNECT_URL, connectUrl);
        putIfGiven(options, Settings.Key.USER, user);
        return Settings.resolve(options, config, environment);
    }

    private static void putIfGiven(Map<Settings.Key, String> options, Settings.Key key, String value) {
        if (value != null) {
            options.put(key, value);
        }
    }

    /** What was given as {@code --mongodb-uri}, apart from environment and configuration file. */
    public Optional<String> mongodbUriOption() {
        return Optional.ofNullable(mongodbUri);
    }

    /**
     * Opens the chat at this terminal and returns when the person leaves.
     *
     * @param settings where the servers are
     * @param channel to begin with; null: that of last time, or the person is asked
     * @param name to go by; null: the one that the person has
     * @return the exit status
     */
    public int chat(Settings settings, String channel, String name) throws Exception {
        return new ChatSession(settings, console, environment, language()).run(channel, name);
    }

    /** Whether standard input and output are a terminal. */
    public boolean isInteractive() {
        return console.isInteractive();
    }

    public Console console() {
        return console;
    }

    private int failed(Exception e) {
        console.progress("");
        if (e instanceof Console.OutputClosedException) {
            return CommandLine.ExitCode.OK;
        }
        console.error(e instanceof CommandFailure || e instanceof AccessFailure ? e.getMessage() : "unexpected " + e);
        if (verbose) {
            e.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private int wronglyUsed(ParameterException e) {
        ResourceBundle texts = texts();
        console.error(reason(e, texts));
        console.errorLine(MessageFormat.format(texts.getString("error.hint"),
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
            return MessageFormat.format(texts.getString("error.missing"), missing.getMissing().stream()
                    .map(argument -> argument.isOption() ? ((OptionSpec) argument).longestName()
                            : argument.paramLabel())
                    .collect(Collectors.joining(" ")));
        }
        if (e.getMessage().equals("Missing required subcommand")) {
            return texts.getString("error.noCommand");
        }
        return e.getMessage();
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
