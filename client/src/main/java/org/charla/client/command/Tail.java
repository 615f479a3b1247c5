package org.charla.client.command;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.WakeupException;
import org.charla.access.AccessFailure;
import org.charla.access.ChannelReader;
import org.charla.access.ChannelTopics;
import org.charla.access.KafkaAccess;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.access.Store;
import org.charla.client.terminal.Console;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.JsonLine;
import org.charla.client.text.MessageText;

/** Shows the last messages of channels and what arrives there, until the process is told to end. */
final class Tail {

    /** How long an interrupted process waits for the line that it is writing. */
    private static final long FAREWELL_MS = 1_000;

    private final Settings settings;
    private final Console console;
    private final boolean json;
    private final MessageText text = new MessageText(ZoneId.systemDefault());
    private final Quotes quotes = new Quotes();

    Tail(Settings settings, Console console, boolean json) {
        this.settings = settings;
        this.console = console;
        this.json = json;
    }

    /** Runs until the process is told to end by SIGINT or SIGTERM, which it then does with status 0. */
    void run(Set<String> channels, int count) {
        KafkaAccess kafka = settings.kafkaAccess();
        try (Store store = count > 0 || json ? settings.store() : null;
                ChannelTopics topics = new ChannelTopics(kafka, store);
                ChannelReader reader = new ChannelReader(kafka, topics, (where, why) ->
                        console.error("the record at " + where + " is no message and is left out: " + why))) {
            Map<String, List<PlacedMessage>> stored = count > 0 ? stored(store, topics, channels, count) : Map.of();
            CountDownLatch done = new CountDownLatch(1);
            Thread onSignal = new Thread(() -> {
                reader.wakeup();
                await(done);
                Runtime.getRuntime().halt(0);
            }, "charla-tail-end");
            Runtime.getRuntime().addShutdownHook(onSignal);
            try {
                show(reader, channels, count, stored);
            } catch (WakeupException e) {
                // Told to end.
            } finally {
                forget(onSignal);
                done.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(FAREWELL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook running.
        }
    }

    private void show(ChannelReader reader, Set<String> channels, int count, Map<String, List<PlacedMessage>> stored) {
        List<List<PlacedMessage>> openings = new ArrayList<>();
        for (String channel : channels) {
            ChannelReader.Opened opening = reader.open(channel, count, stored.getOrDefault(channel, List.of()));
            if (!opening.exists()) {
                console.error("#" + channel + " has no topic yet: waiting for its first message");
            }
            openings.add(opening.last());
        }
        boolean several = channels.size() > 1;
        inOrderOfAcceptance(openings).forEach(placed -> print(placed, several));
        reader.follow();
        while (true) {
            reader.poll().forEach(placed -> print(placed, several));
        }
    }

    private Map<String, List<PlacedMessage>> stored(Store store, ChannelTopics topics, Set<String> channels, int count) {
        Map<String, List<PlacedMessage>> stored = new HashMap<>();
        try {
            for (String channel : channels) {
                List<PlacedMessage> last = store.history(channel, count, Long.MAX_VALUE);
                store.answered(channel, last).values().forEach(quotes::see);
                stored.put(channel, last);
            }
        } catch (AccessFailure e) {
            topics.storeIsSilent();
            console.error(e.getMessage() + "; going on with what the topics hold");
        }
        return stored;
    }

    /** Merges channels by time without touching the order within one. */
    private static List<PlacedMessage> inOrderOfAcceptance(List<List<PlacedMessage>> channels) {
        record Head(PlacedMessage message, Iterator<PlacedMessage> rest) {
            static Optional<Head> of(Iterator<PlacedMessage> messages) {
                return messages.hasNext() ? Optional.of(new Head(messages.next(), messages)) : Optional.empty();
            }
        }
        PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparingLong(head -> head.message().message().acceptedAt()));
        channels.forEach(channel -> Head.of(channel.iterator()).ifPresent(heads::add));
        List<PlacedMessage> merged = new ArrayList<>();
        while (!heads.isEmpty()) {
            Head head = heads.remove();
            merged.add(head.message());
            Head.of(head.rest()).ifPresent(heads::add);
        }
        return merged;
    }

    private void print(PlacedMessage placed, boolean withChannel) {
        String channel = placed.message().channel();
        if (json) {
            console.line(JsonLine.of(placed));
        } else {
            print(text.lines(placed, quotes.of(channel)), channel, withChannel);
        }
        quotes.see(placed);
    }

    private void print(PlacedRecord placed, boolean withChannel) {
        String channel = placed.record().channel();
        if (json) {
            console.line(JsonLine.of(placed));
        } else {
            print(text.lines(placed, quotes.of(channel)), channel, withChannel);
        }
        quotes.see(placed);
    }

    private void print(List<String> lines, String channel, boolean withChannel) {
        lines.forEach(line -> console.line((withChannel ? "#" + HarmlessText.of(channel) + " " : "") + line));
    }
}
