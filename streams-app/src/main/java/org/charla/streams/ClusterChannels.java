package org.charla.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.charla.protocol.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels' topics as the cluster has them. What is known of them is kept in memory and read anew at each
 * {@link #refresh}: those that messages go to, and of the others some each time, so that thousands cost little. Stream
 * threads ask the cluster themselves for a channel only that is not known, and only within a {@link WaitingTime}.
 */
final class ClusterChannels implements Channels {

    private static final Logger log = LoggerFactory.getLogger(ClusterChannels.class);

    /** How many channels a refresh reads anew that no message went to, and how many that messages went to. */
    private static final int READ_AT_ONCE = 500;

    /** Two records that were given up would be the fourth. */
    private static final int REFUSALS_BORNE = 3;
    private static final Duration CLOSED_FOR = Duration.ofMinutes(5);

    /** What a transaction's first write to a topic costs besides, behind the gate, where nobody can measure it. */
    private static final Duration FIRST_WRITE = Duration.ofMillis(40);

    private static final String TOO_SLOW = "The cluster could not make the channel in time; try again in a moment.";

    private final Admin admin;
    private final Admin maker;
    private final TopicCatalogue catalogue;
    private final ChannelTopicRules rules;
    private final RateLimit together;
    private final Duration wait;
    private final ThreadLocal<WaitingTime> waiting;
    private final ConcurrentMap<String, Channel> known = new ConcurrentHashMap<>();
    /** Channels that are being made, with why they can't be written to. Completed by the admin client's thread. */
    private final ConcurrentMap<String, CompletableFuture<Optional<String>>> making = new ConcurrentHashMap<>();
    private long fullAt = RateLimit.FULL;
    private boolean wasRead;

    /**
     * @param admin asks
     * @param maker makes topics
     * @param together how fast channels may be made
     * @param wait how long the making of channels may hold up a stream thread in a row
     */
    ClusterChannels(Admin admin, Admin maker, TopicCatalogue catalogue, RateLimit together, Duration wait) {
        this.admin = admin;
        this.maker = maker;
        this.catalogue = catalogue;
        this.rules = new ChannelTopicRules(catalogue.rawRetention());
        this.together = together;
        this.wait = wait;
        this.waiting = ThreadLocal.withInitial(() -> new WaitingTime(wait, System::nanoTime));
    }

    /** A channel whose topic is there. */
    private static final class Channel {

        /** Why it can't be written to. */
        private volatile Optional<String> objection;
        private volatile long judgedAt;
        /** Whether a message was meant for it since the last refresh. */
        private volatile boolean used;
        private final RestartBudget refusals = new RestartBudget(REFUSALS_BORNE, CLOSED_FOR);
        private volatile String closedBecause;
        private volatile long closedUntil = System.nanoTime();

        private Channel(Optional<String> objection) {
            judged(objection);
        }

        private Channel judged(Optional<String> newObjection) {
            objection = newObjection;
            judgedAt = System.nanoTime();
            return this;
        }

        private Optional<String> refusal() {
            used = true;
            return System.nanoTime() - closedUntil < 0 ? Optional.of(closedBecause) : objection;
        }

        private synchronized void refused(Exception refusal) {
            if (!refusals.take(System.currentTimeMillis())) {
                closedBecause = "Kafka takes no messages to this channel (" + Answers.nameOf(refusal) + "); it is tried again in "
                        + CLOSED_FOR.toMinutes() + " minutes.";
                closedUntil = System.nanoTime() + CLOSED_FOR.toNanos();
            }
        }
    }

    @Override
    public boolean exists(String channel) {
        Channel found = known.get(channel);
        // Asked again, so that either this sees a removal or the removal sees this use.
        return found != null && found.refusal().isEmpty() && known.get(channel) == found;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(known.keySet());
    }

    @Override
    public Optional<String> open(String channel, Supplier<Optional<String>> objection) {
        Channel found = known.get(channel);
        if (found != null) {
            return found.refusal();
        }
        if (waiting.get().leftNanos() <= 0) {
            return Optional.of("Channels can't be made as fast as they are asked for; try again in a moment.");
        }
        CompletableFuture<Optional<String>> answer = making.get(channel);
        if (answer == null) {
            Optional<String> refused = objection.get().or(this::tooManyTogether);
            // Refused or not, another may have made it since the topics were read last.
            answer = refused.isEmpty() ? make(channel) : learn(channel).exceptionally(error -> {
                if (cause(error) instanceof UnknownTopicOrPartitionException) {
                    return refused;
                }
                throw new CompletionException(cause(error));
            });
        }
        return await(channel, answer);
    }

    private synchronized Optional<String> tooManyTogether() {
        OptionalLong drawn = together.draw(fullAt, System.currentTimeMillis());
        drawn.ifPresent(newFullAt -> fullAt = newFullAt);
        return drawn.isPresent() ? Optional.empty()
                : Optional.of("All users together make too many channels; try again in some minutes.");
    }

    private Optional<String> await(String channel, CompletableFuture<Optional<String>> answer) {
        long start = System.nanoTime();
        Optional<String> refused;
        try {
            refused = answer.get(waiting.get().leftNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            requireAnswer();
            log.warn("the cluster is slow to make or to find channel {}", channel);
            refused = Optional.of(TOO_SLOW);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw Answers.failure(e);
        }
        // Not where no broker answers: nobody gets on then, and nobody is to blame.
        waiting.get().spend(System.nanoTime() - start + (refused.isEmpty() ? FIRST_WRITE.toNanos() : 0));
        return refused;
    }

    /** Tells a cluster that is slow to make a topic from one that is away. */
    private void requireAnswer() {
        try {
            admin.describeCluster().nodes().get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no broker answers", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Makes the topic, unless that is under way already, and learns what came of it. */
    private CompletableFuture<Optional<String>> make(String channel) {
        CompletableFuture<Optional<String>> made = new CompletableFuture<>();
        CompletableFuture<Optional<String>> underWay = making.putIfAbsent(channel, made);
        if (underWay != null) {
            return underWay;
        }
        String topic = Topics.ofChannel(channel);
        CreateTopicsResult created = maker.createTopics(List.of(catalogue.channel(channel)));
        CompletionStage<Optional<String>> unfit = created.config(topic).toCompletionStage()
                .exceptionally(error -> allowing(error, null))
                .thenCombine(created.replicationFactor(topic).toCompletionStage()
                        .exceptionally(error -> allowing(error, 1)), rules::settingsObjection);
        created.values().get(topic).toCompletionStage().thenCompose(done -> unfit)
                .thenApply(objection -> {
                    log.info("made channel {}", channel);
                    return remember(channel, objection);
                })
                .handle((objection, error) -> error == null
                        ? CompletableFuture.completedFuture(objection) : findInstead(channel, cause(error)))
                .thenCompose(answer -> answer)
                .whenComplete((objection, error) -> {
                    making.remove(channel);
                    if (error == null) {
                        made.complete(objection);
                    } else {
                        made.completeExceptionally(cause(error));
                    }
                });
        return made;
    }

    /** The topic was not made: because it is there, or because the cluster can't or won't. */
    private CompletableFuture<Optional<String>> findInstead(String channel, Throwable error) {
        return learn(channel).exceptionally(unknown -> {
            if (error instanceof TopicExistsException) {
                // The broker that was asked does not know it yet. The next refresh judges it.
                return remember(channel, Optional.empty());
            }
            if (!(cause(unknown) instanceof UnknownTopicOrPartitionException)) {
                throw new CompletionException(cause(unknown));
            }
            log.warn("channel {} was not made", channel, error);
            return Optional.of(error instanceof RetriableException ? TOO_SLOW
                    : "The cluster refuses to make the channel (" + Answers.nameOf(error) + ").");
        });
    }

    /** Asks the cluster about a channel and remembers the answer; fails where there is no such topic. */
    private CompletableFuture<Optional<String>> learn(String channel) {
        return judge(Set.of(channel)).get(channel).thenApply(objection -> remember(channel, objection));
    }

    private Optional<String> remember(String channel, Optional<String> objection) {
        known.compute(channel, (name, before) -> {
            if (objection.isPresent() && (before == null || !objection.equals(before.objection))) {
                log.warn("channel {} is closed: {}", channel, objection.get());
            }
            return before == null ? new Channel(objection) : before.judged(objection);
        });
        return objection;
    }

    /** Why messages can't be written to these channels. Fails for those that have no topic. */
    private Map<String, CompletableFuture<Optional<String>>> judge(Collection<String> channels) {
        List<String> names = channels.stream().map(Topics::ofChannel).toList();
        Map<String, KafkaFuture<TopicDescription>> topics = admin.describeTopics(
                names, new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues();
        Map<ConfigResource, KafkaFuture<Config>> settings = admin.describeConfigs(
                names.stream().map(ClusterChannels::resource).toList()).values();
        return channels.stream().collect(Collectors.toMap(channel -> channel, channel -> {
            String name = Topics.ofChannel(channel);
            CompletionStage<Config> readable = settings.get(resource(name)).toCompletionStage()
                    .exceptionally(error -> allowing(error, null));
            return topics.get(name).toCompletionStage().thenCombine(readable, rules::objection)
                    .exceptionally(error -> allowing(error, Optional.of(
                            "The streams app may not see the channel's topic; allow it DESCRIBE and WRITE.")))
                    .toCompletableFuture();
        }));
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** What is not allowed has an answer of its own; any other error remains one. */
    private static <T> T allowing(Throwable error, T whereNotAllowed) {
        if (cause(error) instanceof AuthorizationException) {
            return whereNotAllowed;
        }
        throw new CompletionException(cause(error));
    }

    @Override
    public void suspect(String channel, Exception refusal) {
        Channel suspected = known.get(channel);
        if (suspected != null) {
            suspected.refused(refusal);
            learn(channel);
        }
    }

    /**
     * Learns which channels there are and what became of those that are known.
     *
     * @param channels all that have a topic
     * @param listedAt when the cluster was asked for them, by {@link System#nanoTime}
     * @throws org.apache.kafka.common.errors.TimeoutException if the cluster does not answer in time
     */
    void refresh(Set<String> channels, long listedAt) {
        Set<String> others = new HashSet<>(channels);
        others.removeAll(known.keySet());
        Set<String> dueAgain = new HashSet<>();
        known.forEach((name, channel) -> {
            if (!channels.contains(name)) {
                restoreOrForget(name, channel, listedAt);
            } else if (channel.used && dueAgain.size() < READ_AT_ONCE) {
                dueAgain.add(name);
            }
            channel.used = false;
        });
        known.entrySet().stream().sorted(Comparator.comparingLong(entry -> entry.getValue().judgedAt - listedAt))
                .limit(READ_AT_ONCE).map(Map.Entry::getKey).filter(channels::contains).forEach(dueAgain::add);
        read(dueAgain);
        read(others);
        if (wasRead) {
            // Made through other instances, or by other means: the limit is one for the cluster.
            others.forEach(channel -> tooManyTogether());
        }
        wasRead = true;
    }

    /**
     * A topic that was deleted is forgotten, and made again when it is needed. One that a message went to just now is
     * made again at once: the producer waits for it, and finds it, where the transaction would fail otherwise.
     */
    private void restoreOrForget(String name, Channel channel, long listedAt) {
        if (channel.judgedAt - listedAt > 0) {
            return;
        }
        known.remove(name);
        if (channel.used && channel.objection.isEmpty()) {
            log.warn("the topic of channel {} was deleted while messages went to it; it is made again", name);
            make(name);
        }
    }

    private void read(Collection<String> channels) {
        List<String> left = List.copyOf(channels);
        for (int from = 0; from < left.size(); from += READ_AT_ONCE) {
            judge(left.subList(from, Math.min(left.size(), from + READ_AT_ONCE))).forEach((channel, answer) -> {
                try {
                    remember(channel, answer.join());
                } catch (CompletionException e) {
                    if (cause(e) instanceof org.apache.kafka.common.errors.TimeoutException timeout) {
                        throw timeout;
                    }
                    log.debug("nothing is known of channel {}", channel, cause(e));
                }
            });
        }
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
