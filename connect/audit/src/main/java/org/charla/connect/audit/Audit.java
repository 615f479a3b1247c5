package org.charla.connect.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.connect.errors.ConnectException;
import org.charla.access.AccessFailure;
import org.charla.access.ChannelTopics;
import org.charla.access.KafkaAccess;
import org.charla.access.ServerAway;
import org.charla.access.Store;
import org.charla.client.terminal.CommandFailure;
import org.charla.connect.sink.SinkWork;
import org.charla.protocol.Topics;

/** Compares topics with their collections, one after the other. Not thread-safe. */
final class Audit implements AutoCloseable {

    private final KafkaAccess kafka;
    private final Store store;
    private final Path connectors;
    private final boolean repair;
    private final Report report;
    private final Admin admin;
    private final TopicLog log;
    private final ChannelTopics topics;
    /** By connector. */
    private final Map<String, Sides> sides = new HashMap<>();

    /**
     * @param store stays the caller's to close
     * @param connectors the folder of the files that declare the sinks
     * @param repair whether to write what is missing
     */
    Audit(KafkaAccess kafka, Store store, Path connectors, boolean repair, Report report) {
        this.kafka = kafka;
        this.store = store;
        this.connectors = connectors;
        this.repair = repair;
        this.report = report;
        this.admin = kafka.admin(KafkaAccess.PATIENCE);
        this.log = new TopicLog(kafka);
        this.topics = new ChannelTopics(kafka, store);
    }

    /**
     * Compares all that there is.
     *
     * @return whether all of it is equal, by now
     * @throws AccessFailure if a server doesn't answer
     */
    boolean all() {
        boolean isEqual = channels(List.copyOf(known()));
        isEqual &= compacted("users-sink", Topics.USERS);
        isEqual &= compacted("channels-sink", Topics.CHANNELS);
        return isEqual;
    }

    /** The same of some channels alone. */
    boolean of(List<String> channels) {
        Set<String> known = known();
        channels.stream().filter(channel -> !known.contains(channel)).findFirst().ifPresent(channel -> {
            throw new CommandFailure("there is no channel " + channel + ", neither in Kafka nor in MongoDB");
        });
        return channels(channels);
    }

    /** Those that have a topic, or a collection. */
    private Set<String> known() {
        List<String> collections = store.ask(() ->
                store.database().listCollectionNames().into(new ArrayList<>()));
        return Stream.concat(kafka.channels(KafkaAccess.PATIENCE).stream(),
                collections.stream().map(Topics::channelOf).flatMap(Optional::stream))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean channels(List<String> channels) {
        boolean isEqual = true;
        for (String channel : channels) {
            Findings findings = new Findings(Topics.ofChannel(channel), channel, report);
            isEqual &= judge("channel-messages-sink", findings,
                    sides -> new ChannelAudit(sides, report, findings, topics.notedBase(channel)).run());
        }
        return isEqual;
    }

    private boolean compacted(String connector, String topic) {
        Findings findings = new Findings(topic, topic, report);
        return judge(connector, findings, sides -> new CompactedAudit(sides, report, findings).run());
    }

    /** Those that are left are judged also where one can't be, unless a server is away. */
    private boolean judge(String connector, Findings findings, Consumer<Sides> judge) {
        try {
            Sides compared = sides.computeIfAbsent(connector, this::sides);
            judge.accept(compared);
            if (findings.counts().containsKey(Findings.Count.NOT_WRITTEN) && compared.progress().isNowhere()) {
                throw new CommandFailure("the connector " + connector
                        + " has not written anything yet: does it run? (charla connectors status)");
            }
        } catch (ServerAway e) {
            throw e;
        } catch (AccessFailure | CommandFailure | ConnectException e) {
            report.failed(findings, e.getMessage());
            return false;
        }
        report.judged(findings);
        return findings.isEqual();
    }

    private Sides sides(String connector) {
        SinkWork sink = new SinkWork(Connector.settings(connectors, connector), store.database().getName(), store.client());
        return new Sides(log, store, sink, new SinkProgress(kafka, admin, connector), repair);
    }

    @Override
    public void close() {
        log.close();
        topics.close();
        admin.close(Duration.ZERO);
    }
}
