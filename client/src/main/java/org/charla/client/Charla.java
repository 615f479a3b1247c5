package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The command {@code charla}: its subcommands, the options that all of them take, before the subcommand or behind it,
 * and what becomes of errors. Exit status: 0 done, 1 failed, 2 wrong usage.
 */
@Command(name = "charla", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true,
        versionProvider = Charla.Version.class, usageHelpAutoWidth = true, sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ChatCommand.class, SendCommand.class, HistoryCommand.class, TailCommand.class, ChannelsCommand.class,
            UsersCommand.class, ImportCommand.class})
public final class Charla {

    private final Map<String, String> environment;
    private final Console console;

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT,…", scope = ScopeType.INHERIT,
            description = "Kafka (CHARLA_BOOTSTRAP_SERVERS; localhost:9092).")
    private String bootstrapServers;

    @Option(names = "--mongodb-uri", paramLabel = "URI", scope = ScopeType.INHERIT,
            description = "MongoDB (CHARLA_MONGODB_URI; mongodb://localhost:27017).")
    private String mongodbUri;

    @Option(names = "--connect-url", paramLabel = "URL", scope = ScopeType.INHERIT,
            description = "Kafka Connect's REST API (CHARLA_CONNECT_URL; http://localhost:8083).")
    private String connectUrl;

    @Option(names = "--user", paramLabel = "USER-ID", scope = ScopeType.INHERIT,
            description = "Who you are (CHARLA_USER; your name on this machine).")
    private String user;

    @Option(names = "--config", paramLabel = "FILE", scope = ScopeType.INHERIT,
            description = "A properties file (CHARLA_CONFIG): bootstrap.servers, mongodb.uri, connect.url, user,"
                    + " connect.username and the like, and Kafka client settings with the prefix kafka.")
    private Path config;

    @Option(names = {"-v", "--verbose"}, scope = ScopeType.INHERIT,
            description = "Show on standard error what the libraries log.")
    private boolean verbose;

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
     * commands are added as subcommands; by {@code @ParentCommand} they reach the {@link #settings()}.
     */
    public static CommandLine commandLine() {
        return commandLine(System.getenv(), Console.ofProcess());
    }

    static CommandLine commandLine(Map<String, String> environment, Console console) {
        Charla charla = new Charla(environment, console);
        CommandLine line = new CommandLine(charla);
        // A script that puts an option in front can be told otherwise behind it.
        line.setOverwrittenOptionsAllowed(true);
        line.setOut(console.outWriter());
        line.setExecutionStrategy(parsed -> {
            requireReadable(parsed);
            if (charla.verbose) {
                QuietLogging.showLibraries();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> charla.failed(e));
        line.setParameterExceptionHandler((e, args) -> charla.wronglyUsed(e));
        return line;
    }

    /** Java reads arguments in the encoding of the locale, and replaces what is none: the text would be lost. */
    private static void requireReadable(CommandLine.ParseResult parsed) {
        String encoding = System.getProperty("sun.jnu.encoding");
        if (!UTF_8.name().equals(encoding) && parsed.originalArgs().stream().anyMatch(arg -> arg.contains("\uFFFD"))) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "the arguments hold characters that"
                    + " this locale's encoding, " + encoding + ", can't carry: set LC_ALL=C.UTF-8");
        }
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
        return new ChatSession(settings, console, environment, Locale.getDefault()).run(channel, name);
    }

    /** Whether standard input and output are a terminal. */
    public boolean isInteractive() {
        return console.isInteractive();
    }

    Console console() {
        return console;
    }

    private int failed(Exception e) {
        console.progress("");
        if (e instanceof Console.OutputClosedException) {
            return CommandLine.ExitCode.OK;
        }
        console.error(e instanceof CommandFailure ? e.getMessage() : "unexpected " + e);
        if (verbose) {
            e.printStackTrace();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private int wronglyUsed(ParameterException e) {
        console.error(e.getMessage());
        console.errorLine("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
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
