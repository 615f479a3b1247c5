package org.charla.client.command;

import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.charla.access.AccessFailure;
import org.charla.access.Archive;
import org.charla.access.Connection;
import org.charla.access.Delivery;
import org.charla.access.Fates;
import org.charla.access.Identity;
import org.charla.access.KafkaAccess;
import org.charla.access.LiveFeed;
import org.charla.access.MessageIds;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.access.ServerAway;
import org.charla.access.Speakers;
import org.charla.access.Store;
import org.charla.access.Unread;
import org.charla.client.chat.Conversation;
import org.charla.client.chat.Mentions;
import org.charla.client.chat.Opening;
import org.charla.client.chat.ReadChange;
import org.charla.client.chat.ReadMark;
import org.charla.client.chat.Servers;
import org.charla.client.chat.View;
import org.charla.client.identity.KeyFolder;
import org.charla.client.terminal.ChatTerminal;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.terminal.Phrases;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.UserProfile;

/**
 * A conversation between a terminal and the servers: what is asked of Kafka and MongoDB is asked in other threads, and
 * what they say comes back into the conversation's.
 */
public final class ChatSession {

    private static final int FOUND = 20;
    /** More events than can be on their way. */
    private static final int REMEMBERED = 2_000;
    private static final int SPEAKERS = 100;
    private static final long FAREWELL_MS = 1_000;

    /** How long a message that arrives waits for the one that it answers, and for how long none does behind that. */
    private static final long QUOTE_LIMIT_MS = 500;
    private static final long UNQUOTED_MS = 10_000;

    private final Settings settings;
    private final Console console;
    private final Map<String, String> environment;
    private final Phrases phrases;
    private final Identities identities;
    private final MessageIds ids = new MessageIds(Clock.systemUTC());

    public ChatSession(Settings settings, Console console, Map<String, String> environment, Locale locale) {
        this.settings = settings;
        this.console = console;
        this.environment = environment;
        this.phrases = new Phrases(locale);
        this.identities = new Identities(new KeyFolder(environment), settings.realm());
    }

    /**
     * Chats until the person leaves.
     *
     * @param channel to begin with; null: that of last time, or the person is asked
     * @param name to go by; null: the one that the person has
     * @return the exit status: 1 where messages were given up that had not arrived
     */
    public int run(String channel, String name) throws Exception {
        boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty();
        try (ChatTerminal terminal = ChatTerminal.open(phrases, ZoneId.systemDefault(), colour, console);
                Store store = settings.store()) {
            LastUsed last = new LastUsed(environment);
            Optional<Who> person = person(terminal, store, last, name);
            return person.isEmpty() ? 0 : converse(terminal, store, person.get(), last,
                    channel != null ? channel : lastChannel(person.get().identity().userId(), last));
        }
    }

    /** Where the person chatted last, if they did, else somebody else of this machine; null where nobody did. */
    private String lastChannel(String userId, LastUsed last) {
        return last.channel().filter(channel -> last.user().equals(Optional.of(userId)))
                .or(() -> console.isInteractive() ? LeftOffFile.lastChannel(environment, userId) : Optional.empty())
                .or(last::channel).orElse(null);
    }

    private record Who(Identity identity, String displayName) {
    }

    /** Who it is: as given, else as last time, else as asked. Empty where nobody answers. */
    private Optional<Who> person(ChatTerminal terminal, Store store, LastUsed last, String name) {
        Optional<String> given = settings.userGiven() ? Optional.of(settings.user()) : last.user();
        if (given.isPresent()) {
            requireValid(given.get(), name);
            Optional<UserProfile> known = known(store, given.get());
            return Optional.of(new Who(identities.find(given.get(), known).orElseThrow(() ->
                    new CommandFailure(claimed("claimed", given.get(), known))), nameOf(given.get(), name, known)));
        }
        while (true) {
            Optional<String> typed = terminal.ask(phrases.get("ask.name", settings.user()));
            if (typed.isEmpty()) {
                return Optional.empty();
            }
            String whole = typed.get().strip();
            String userId = whole.isEmpty() ? settings.user() : whole.replaceAll("\\s+", "-");
            Optional<Rejected> problem = problem(userId, whole.isEmpty() ? userId : whole);
            if (problem.isPresent()) {
                terminal.say(phrases.get("ask.name.wrong",
                        phrases.rejection(problem.get().code().name(), problem.get().reason())));
                continue;
            }
            Optional<UserProfile> known = known(store, userId);
            Optional<Identity> identity = identities.find(userId, known);
            if (identity.isPresent()) {
                return Optional.of(new Who(identity.get(),
                        nameOf(userId, name != null ? name : whole.isEmpty() ? null : whole, known)));
            }
            terminal.say(claimed("ask.name.claimed", userId, known));
        }
    }

    /** What MongoDB knows of a user, as far as that can be asked: the pipeline judges what is sent in any case. */
    private static Optional<UserProfile> known(Store store, String userId) {
        try {
            return store.user(userId);
        } catch (AccessFailure e) {
            return Optional.empty();
        }
    }

    /** The one that was given, else the one that the user has. */
    private static String nameOf(String userId, String given, Optional<UserProfile> known) {
        return given != null ? given : known.map(UserProfile::displayName).orElse(userId);
    }

    private String claimed(String phrase, String userId, Optional<UserProfile> known) {
        return phrases.get(phrase, userId, Identities.fingerprints(Identity.keysOf(known)));
    }

    private void requireValid(String userId, String name) {
        problem(userId, name == null ? userId : name).ifPresent(rejected -> {
            throw new CommandFailure(rejected.code() + ": "
                    + phrases.rejection(rejected.code().name(), rejected.reason()));
        });
    }

    /** What the pipeline would say to these names. */
    private static Optional<Rejected> problem(String userId, String displayName) {
        long now = System.currentTimeMillis();
        return EventRules.judge(new RawEvent.Profile("id", userId, displayName, now), now) instanceof Rejected rejected
                ? Optional.of(rejected) : Optional.empty();
    }

    private int converse(ChatTerminal terminal, Store store, Who person, LastUsed last, String channel) {
        KafkaAccess kafka = settings.kafkaAccess();
        try (Pipeline pipeline = new Pipeline(terminal, kafka, store, person.identity(), last)) {
            Conversation held = terminal.converse(
                    view -> pipeline.conversation(person.displayName(), last.bell(), view),
                    conversation -> conversation.start(channel));
            held.left();
            boolean unsettled = held.unsettled() > 0;
            if (unsettled && !console.isInteractive()) {
                throw new CommandFailure(phrases.get("unsettled", held.unsettled()));
            }
            terminal.say(phrases.get("goodbye"));
            // At a terminal a person has seen it, and may have said it better.
            return unsettled || held.hasFailed() && !console.isInteractive() ? 1 : 0;
        }
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private String why(AccessFailure failure) {
        return failure instanceof ServerAway away ? phrases.get("server.away", away.server()) : failure.getMessage();
    }

    /** The servers, as the conversation asks them. */
    private final class Pipeline implements Servers, AutoCloseable, LiveFeed.Listener, Delivery.Listener {

        private final ChatTerminal terminal;
        private final String userId;
        private final KafkaAccess kafka;
        private final Store store;
        private final Archive archive;
        private final KnownKeys known = new KnownKeys(environment);
        private final LiveFeed feed;
        private final Delivery delivery;
        private final Fates<RawEvent> fates = new Fates<>(REMEMBERED, this::told);
        private final ExecutorService archivist = thread("charla-archive");
        private final LastUsed last;
        private final ExecutorService keeper = thread("charla-left-off");
        /** What is to be kept before it is known where. In the keeper's thread. */
        private final List<ReadChange> unkept = new ArrayList<>();
        private LeftOffFile leftOff;
        private Conversation conversation;
        /** Until when MongoDB isn't asked for what arriving messages answer. In the feed's thread. */
        private long unquotedUntil = System.nanoTime();

        Pipeline(ChatTerminal terminal, KafkaAccess kafka, Store store, Identity identity, LastUsed last) {
            this.terminal = terminal;
            this.userId = identity.userId();
            this.kafka = kafka;
            this.last = last;
            this.store = store;
            this.archive = new Archive(store, kafka, this);
            this.feed = new LiveFeed(kafka, archive.topics(), this);
            this.delivery = new Delivery(kafka, identity, this);
        }

        Conversation conversation(String displayName, boolean bell, View view) {
            conversation = new Conversation(userId, displayName, bell, this, view, ids::next,
                    System::currentTimeMillis);
            feed.start();
            return conversation;
        }

        @Override
        public void lastTime() {
            // What a program reads nobody has read.
            if (console.isInteractive()) {
                kafka.clusterId().thenAcceptAsync(cluster -> {
                    leftOff = new LeftOffFile(environment, userId, cluster, (notice, arguments) ->
                            terminal.execute(() -> conversation.leftOffProblem(notice, arguments)));
                    leftOff.adopt(this::formerClusters);
                    List<ReadMark> marks = leftOff.read();
                    terminal.execute(() -> conversation.lastTime(marks));
                }, keeper).exceptionally(e -> {
                    // Nothing would ever be opened.
                    terminal.fail(new IllegalStateException(e));
                    return null;
                });
            } else {
                conversation.lastTime(List.of());
            }
        }

        /** Where it was the same channels with the same positions: MongoDB was kept. */
        private Set<String> formerClusters() {
            try {
                return store.clusters();
            } catch (AccessFailure e) {
                return Set.of();
            }
        }

        @Override
        public void remember(List<ReadChange> changes, String current) {
            boolean bell = conversation.bell();
            keeper.execute(() -> {
                if (current != null) {
                    last.remember(userId, current, bell);
                }
                if (console.isInteractive()) {
                    unkept.addAll(changes);
                }
                if (leftOff != null && !unkept.isEmpty()) {
                    leftOff.write(unkept);
                    unkept.clear();
                }
            });
        }

        @Override
        public void open(int ticket, String channel, int count, long unreadFrom, boolean live) {
            List<String> names = List.of(userId, conversation.displayName());
            consult(() -> {
                Archive.Beginning begin = archive.open(channel, count, live);
                Opening opening = opening(channel, begin,
                        unread(channel, begin.last(), count, unreadFrom, names, live));
                terminal.execute(() -> {
                    conversation.opened(ticket, opening);
                    fates.arrived(opening.last().stream()
                            .map(placed -> new PlacedRecord(placed.position(), placed.message())).toList());
                });
            }, why -> conversation.unanswered(why));
        }

        /** What is unread in front of these messages. */
        private Unread unread(String channel, List<PlacedMessage> last, int count, long from, List<String> names,
                boolean live) {
            if (from == ReadMark.NOWHERE || last.size() < count || last.get(0).position() <= from) {
                return Unread.NOTHING;
            }
            Mentions mentions = new Mentions(names.toArray(String[]::new));
            return archive.unread(channel, userId, names, placed -> mentions.in(placed.message().text()), from,
                    last.get(0).position(), live);
        }

        private Opening opening(String channel, Archive.Beginning begin, Unread earlier) {
            return new Opening(begin.last(), begin.changes(), answeredBy(channel, begin.last()), earlier, begin.next(),
                    begin.storeFailure() == null ? null : why(begin.storeFailure()),
                    begin.kafkaFailure() == null ? null : why(begin.kafkaFailure()));
        }

        @Override
        public void page(int ticket, String channel, int count, long before, boolean live) {
            consult(() -> {
                Archive.Page page = archive.page(channel, count, before, live);
                List<PlacedMessage> answered = answeredBy(channel, page.messages());
                terminal.execute(() ->
                        conversation.page(ticket, before, page.messages(), answered, page.complete()));
            }, why -> conversation.pageFailed(ticket, before, why));
        }

        @Override
        public void search(String channel, String text) {
            consult(() -> {
                List<PlacedMessage> messages = store.search(channel, text, FOUND);
                List<PlacedMessage> answered = answeredBy(channel, messages);
                terminal.execute(() -> conversation.found(channel, text, messages, answered));
            }, why -> conversation.unanswered(why));
        }

        /** The messages that these answer and that are not among them, as far as MongoDB has them. */
        private List<PlacedMessage> answeredBy(String channel, List<PlacedMessage> messages) {
            Set<String> ids = new HashSet<>();
            messages.forEach(placed -> placed.message().replyTo().ifPresent(ids::add));
            messages.forEach(placed -> ids.remove(placed.message().id()));
            try {
                return ids.isEmpty() ? List.of() : List.copyOf(store.messages(channel, ids).values());
            } catch (AccessFailure e) {
                // They are not quoted, then.
                return List.of();
            }
        }

        @Override
        public void speakers(String channel) {
            consult(() -> {
                Speakers speakers = store.speakers(channel, SPEAKERS);
                terminal.execute(() -> conversation.speakers(channel, speakers));
            }, why -> conversation.unanswered(why));
        }

        @Override
        public void keys(List<String> userIds) {
            consult(() -> {
                known.see(store.profiles(userIds), change -> terminal.execute(() ->
                        conversation.otherKey(change.userId(), change.before(), change.now())));
                terminal.execute(() -> conversation.keysSeen(true));
            }, why -> conversation.keysSeen(false));
        }

        @Override
        public void isUser(String id) {
            consult(() -> {
                boolean isOne = store.user(id).isPresent();
                terminal.execute(() -> conversation.isUser(id, Optional.of(isOne)));
            }, why -> conversation.isUser(id, Optional.empty()));
        }

        @Override
        public void channels(boolean toShow) {
            consult(() -> {
                List<String> channels = kafka.channels(KafkaAccess.PATIENCE);
                terminal.execute(() -> conversation.channels(toShow, channels));
            }, why -> conversation.channelsFailed(toShow, why));
        }

        /** Asks a server, one thing after the other; told in the conversation's thread why there is no answer. */
        private void consult(Runnable question, Consumer<String> unanswered) {
            archivist.execute(() -> {
                try {
                    question.run();
                } catch (AccessFailure e) {
                    terminal.execute(() -> unanswered.accept(why(e)));
                } catch (RuntimeException e) {
                    terminal.fail(e);
                }
            });
        }

        @Override
        public void follow(Map<String, Long> positions) {
            feed.follow(positions);
        }

        @Override
        public void send(RawEvent event) {
            if (event instanceof RawEvent.InChannel) {
                fates.expect(event, event);
            }
            delivery.send(event);
        }

        @Override
        public void connected() {
            terminal.execute(conversation::connected);
        }

        @Override
        public void disconnected(Connection why) {
            terminal.execute(() -> conversation.disconnected(why));
        }

        /** The feed waits, so that no more is read than is shown. */
        @Override
        public void arrived(String channel, List<PlacedRecord> records) {
            List<PlacedMessage> answered = answeredLately(channel, records);
            terminal.executeAndWait(() -> {
                conversation.arrived(channel, records, answered);
                fates.arrived(records);
            });
        }

        /** What they answer and nobody here knows, if MongoDB says so at once: what arrives doesn't wait for it. */
        private List<PlacedMessage> answeredLately(String channel, List<PlacedRecord> records) {
            Set<String> unknown = new HashSet<>();
            if (records.stream().flatMap(placed -> placed.message().stream())
                    .anyMatch(placed -> placed.message().replyTo().isPresent())) {
                terminal.executeAndWait(() -> unknown.addAll(conversation.unknownAnswered(channel, records)));
            }
            if (unknown.isEmpty() || System.nanoTime() - unquotedUntil < 0) {
                return List.of();
            }
            try {
                return archivist.submit(() -> List.copyOf(store.messages(channel, unknown).values()))
                        .get(QUOTE_LIMIT_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
                unquotedUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(UNQUOTED_MS);
            }
            return List.of();
        }

        @Override
        public void rulesDenied() {
            terminal.execute(conversation::rulesDenied);
        }

        @Override
        public void ruled(ChannelRules rules) {
            terminal.execute(() -> conversation.ruled(rules));
        }

        @Override
        public void lost(String channel) {
            terminal.execute(() -> conversation.lost(channel));
        }

        @Override
        public void denied(String channel, AccessFailure failure) {
            terminal.execute(() -> conversation.denied(channel, why(failure)));
        }

        @Override
        public void refused(ConsumerRecord<byte[], byte[]> record) {
            fates.refused(record);
        }

        private void told(RawEvent event, Fates.Fate fate) {
            if (fate instanceof Fates.Refused refused) {
                fates.forget(event);
                terminal.execute(() -> conversation.refused(
                        event.messageId(), refused.rejection().code(), refused.rejection().reason()));
            } else {
                // It is on the screen in this moment, which the conversation's thread knows of.
                conversation.inChannel(event.messageId());
            }
        }

        @Override
        public void unreadable(String where, String why) {
            terminal.execute(() -> conversation.unreadable(where, why));
        }

        @Override
        public void failed(AccessFailure failure) {
            terminal.fail(failure);
        }

        @Override
        public void acknowledged(RawEvent event, RecordMetadata place) {
            terminal.execute(() -> conversation.acknowledged(event.messageId()));
            fates.acknowledged(event, place);
        }

        @Override
        public void notSent(RawEvent event, String why) {
            fates.forget(event);
            terminal.execute(() -> conversation.notSent(event.messageId(), why));
        }

        @Override
        public void close() {
            feed.close();
            delivery.close();
            archivist.shutdownNow();
            keeper.shutdown();
            try {
                keeper.awaitTermination(FAREWELL_MS, TimeUnit.MILLISECONDS);
                archivist.awaitTermination(FAREWELL_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            archive.close();
        }
    }
}
