package org.charla.client.command;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import org.charla.client.identity.KeyFolder;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.Language;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that all commands take, before the subcommand or behind it, and what they come to: subcommands reach them
 * by {@code @ParentCommand}.
 */
public abstract class CommonOptions {

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

    protected CommonOptions(Map<String, String> environment, Console console) {
        this.environment = environment;
        this.console = console;
    }

    /** The environment of the process. */
    protected final Map<String, String> environment() {
        return environment;
    }

    /** Whether what libraries log is wanted. */
    protected final boolean isVerbose() {
        return verbose;
    }

    /** Whether the language that was asked for is one that is spoken here. */
    protected final boolean isLanguageKnown() {
        return lang == null || Language.isKnown(lang);
    }

    /** Gives help its texts: now, since reading them would cost each command a moment. */
    protected final void translate(CommandSpec command) {
        command.root().commandLine().setResourceBundle(texts());
    }

    /** The texts of help and errors, in the language of the person. */
    public final ResourceBundle texts() {
        return Language.texts("org.charla.client.help", language());
    }

    /** The language of the person, with the country by which dates are written. */
    private Locale language() {
        return Language.of(lang, environment);
    }

    /**
     * The settings from options, environment and configuration file.
     *
     * @throws CommandFailure if the configuration file is missing or wrong
     */
    public final Settings settings() {
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

    /** The person's keys. */
    public final KeyFolder keys() {
        return new KeyFolder(environment);
    }

    /** Who was given as {@code --user}, apart from environment and configuration file. */
    final Optional<String> userOption() {
        return Optional.ofNullable(user);
    }

    /** What was given as {@code --mongodb-uri}, apart from environment and configuration file. */
    public final Optional<String> mongodbUriOption() {
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
    public final int chat(Settings settings, String channel, String name) throws Exception {
        return new ChatSession(settings, console, environment, language()).run(channel, name);
    }

    /** Whether standard input and output are a terminal. */
    public final boolean isInteractive() {
        return console.isInteractive();
    }

    /** The standard streams. */
    public final Console console() {
        return console;
    }
}
