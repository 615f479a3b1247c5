package org.charla.connect.deploy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "watch", header = "Restarts what fails, later each time and not for ever, and logs what it does.",
        description = {"Goes on until it is interrupted. Ends with 0 if all connectors are healthy then, 1 if not, 4 if"
            + " the worker does not answer.", ""})
final class WatchCommand extends ConnectorsSubcommand {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Connectors; all, without one.")
    private List<String> names;

    @Option(names = "--interval", paramLabel = "SECONDS", defaultValue = "5", converter = Numbers.OneOrMore.class,
            description = "Between two looks (5).")
    private int interval;

    @Option(names = "--backoff", paramLabel = "SECONDS", defaultValue = "10", converter = Numbers.ZeroOrMore.class,
            description = "Before the first restart; doubled for each further one, up to 5 minutes (10).")
    private int backoff;

    @Option(names = "--restarts", paramLabel = "N", defaultValue = "10", converter = Numbers.ZeroOrMore.class,
            description = "How often in a row to restart a connector before giving it up (10).")
    private int restarts;

    @Option(names = "--for", paramLabel = "SECONDS", converter = Numbers.ZeroOrMore.class,
            description = "End by itself after this time.")
    private Integer duration;

    @Override
    int run() {
        // The log tells when the worker is away; it is not to be waited for in silence.
        ConnectRest connect = new ConnectRest(settings(), Duration.ofSeconds(Math.min(limit().toSeconds(), 10)),
                note -> { });
        List<String> watched = names == null ? List.of() : names;
        Watch watch = new Watch(connect, new Watch.Rules(Duration.ofSeconds(interval), Duration.ofSeconds(backoff),
                LONGEST, restarts), this::log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(duration == null ? 0 : duration);
        AtomicInteger seen = new AtomicInteger(ExitStatus.UNREACHABLE);
        AtomicBoolean ended = new AtomicBoolean();
        Thread onInterrupt = new Thread(() -> {
            // The status of a process that was interrupted would be the signal's otherwise.
            if (ended.compareAndSet(false, true)) {
                logEnd(seen.get());
                Runtime.getRuntime().halt(seen.get());
            }
        }, "watch-end");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        int status = watch.run(watched, now -> {
            seen.set(now);
            return !terminal().isCutOff() && (duration == null || System.nanoTime() - end < 0);
        });
        if (ended.compareAndSet(false, true)) {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            logEnd(status);
        }
        return status;
    }

    private void log(Watch.Event event) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        if (json()) {
            terminal().line("{\"time\":\"" + now + "\"," + ConnectJson.line(event).substring(1));
        } else {
            terminal().line(now + " " + event.toText());
        }
    }

    private void logEnd(int status) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String health = status == ExitStatus.DONE ? "healthy"
                : status == ExitStatus.FAILED ? "not healthy" : "unreachable";
        terminal().line(json() ? "{\"time\":\"" + now + "\",\"event\":\"ended\",\"detail\":\"" + health + "\"}"
                : now + " ended: " + health);
    }
}
