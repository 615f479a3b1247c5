package org.charla.access;

import static java.util.stream.Collectors.joining;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ServerDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Positions;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;

/**
 * What the sink connectors wrote to MongoDB: the messages of each channel as they are by now, its rules and the users. Every method throws a
 * {@link AccessFailure} that names the server, and never the credentials, when MongoDB can't be asked. Thread-safe.
 */
public final class Store implements AutoCloseable {

    /** With the start of the JVM, "no MongoDB" is said within 5 s. A URI that names a time of its own is obeyed. */
    private static final long SERVER_SELECTION_MS = 3_500;

    private static final long LONGEST_SEARCH_MS = 10_000;

    private static final int LARGEST_BATCH = 1_000;

    private static final String DEFAULT_DATABASE = "chat";
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    /** Whatever else a collection comes to hold has another type: none means message. */
    private static final BsonDocument MESSAGES = BsonDocument.parse("{type: {$in: [null, 'message']}}");
    /** For what the server makes of many documents; one by one they are judged where they are read. */
    private static final BsonDocument WRITTEN_BY_THE_SINK = MESSAGES.clone().append("offset", type("long"))
            .append("messageId", type("string")).append("channel", type("string")).append("author", type("object"))
            .append("author.userId", type("string")).append("author.displayName", type("string"))
            .append("text", type("string")).append("sentAt", type("date")).append("acceptedAt", type("date"));
    private static final String WORD_BEGINS = "(?<![\\p{L}\\p{M}\\p{N}_])";
    private static final String WORD_ENDS = "(?![\\p{L}\\p{M}\\p{N}_])";
    private static final BsonInt32 ASCENDING = new BsonInt32(1);
    private static final BsonInt32 DESCENDING = new BsonInt32(-1);

    private final String setting;
    private final String address;
    private final MongoClient client;
    private final MongoDatabase database;

    /**
     * @param uri a connection string of MongoDB's drivers
     * @param setting how a person sets it, for messages: {@code --mongodb-uri}
     * @param truststore file of PEM certificates by which the server's is judged, where the URI asks for TLS; empty: those
     *                   of this machine
     */
    public Store(String uri, String setting, String truststore) {
        ConnectionString parsed;
        try {
            parsed = new ConnectionString(uri);
        } catch (IllegalArgumentException e) {
            // The driver's text may quote the URI, and with it a password.
            throw new AccessFailure("the MongoDB URI is not valid: it must look like"
                    + " mongodb://[USER:PASSWORD@]HOST[:PORT][/DATABASE], with special characters percent-encoded"
                    + " (" + setting + ")");
        }
        this.setting = setting;
        this.address = String.join(",", parsed.getHosts());
        String named = parsed.getDatabase();
        try {
            this.client = MongoClients.create(MongoClientSettings.builder()
                    .applyConnectionString(parsed)
                    .applicationName("charla")
                    .applyToSslSettings(tls -> {
                        if (!truststore.isEmpty()) {
                            tls.context(trusting(truststore));
                        }
                    })
                    .applyToClusterSettings(cluster -> {
                        if (parsed.getServerSelectionTimeout() == null) {
                            cluster.serverSelectionTimeout(SERVER_SELECTION_MS, TimeUnit.MILLISECONDS);
                        }
                    })
                    .build());
        } catch (MongoException | IllegalArgumentException | IllegalStateException e) {
            throw new AccessFailure("MongoDB at " + address + " can't be used: " + e.getMessage(), e);
        }
        this.database = client.getDatabase(named == null ? DEFAULT_DATABASE : named);
    }

    private static SSLContext trusting(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("certificate-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new CertificateException("there is none");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw new AccessFailure("there are no PEM certificates in a file " + file + " (mongodb.truststore)", e);
        }
    }

    /**
     * The last messages of a channel, oldest first.
     *
     * @param before only messages at positions below this one
     */
    public List<PlacedMessage> history(String channel, int count, long before) {
        return ask(() -> {
            MongoCollection<BsonDocument> messages = collection(channel);
            if (count == 0 || messages.find().projection(only("_id")).first() == null) {
                return List.of();
            }
            makeSureOfIndex(messages);
            List<PlacedMessage> found = readable(count, Store::toMessage,
                    messages.find(messagesWith("offset", new BsonDocument("$lt", new BsonInt64(before))))
                            .sort(new BsonDocument("offset", DESCENDING)));
            Collections.reverse(found);
            return found;
        });
    }

    /** The message at this position, if there is one. */
    public Optional<PlacedMessage> at(String channel, long position) {
        return ask(() -> readable(1, Store::toMessage,
                collection(channel).find(messagesWith("offset", new BsonDocument("$eq", new BsonInt64(position)))))
                .stream().findFirst());
    }

    /**
     * Those of the messages that there are, by their ids ({@link ChannelMessage#id()}).
     *
     * @param ids a few: they are asked for in one question
     */
    public Map<String, PlacedMessage> messages(String channel, Collection<String> ids) {
        BsonArray wanted = new BsonArray(ids.stream().map(BsonString::new).toList());
        return ask(() -> readable(ids.size(), Store::toMessage,
                collection(channel).find(messagesWith("_id", new BsonDocument("$in", wanted)))).stream()
                .collect(Collectors.toMap(placed -> placed.message().id(), placed -> placed, (one, other) -> one)));
    }

    /** What these messages of a channel answer, as far as it is there, by their ids. */
    public Map<String, PlacedMessage> answered(String channel, List<PlacedMessage> messages) {
        Set<String> ids = messages.stream().flatMap(placed -> placed.message().replyTo().stream())
                .collect(Collectors.toSet());
        return ids.isEmpty() ? Map.of() : messages(channel, ids);
    }

    /** What holds in a channel, if it has an owner or rules. */
    public Optional<ChannelRules> rules(String channel) {
        return ask(() -> readable(1, Store::toRules, database.getCollection(Topics.CHANNELS, BsonDocument.class)
                .find(new BsonDocument("_id", new BsonString(channel)))).stream().findFirst());
    }

    /** The position of the last message that the channel's collection holds. */
    public OptionalLong newest(String channel) {
        return ask(() -> {
            List<Long> last = readable(1, Store::position, collection(channel).find(MESSAGES).projection(only("offset"))
                    .sort(new BsonDocument("offset", DESCENDING)));
            return last.isEmpty() ? OptionalLong.empty() : OptionalLong.of(last.get(0));
        });
    }

    /**
     * A topic that a channel has, or has had.
     *
     * @param id Kafka's; empty where it is not known
     * @param base where its positions begin
     */
    public record Noted(String id, long base) {
    }

    /** The topics of a channel that the sink has met, one after the other ({@link Positions}). */
    public List<Noted> topics(String channel) {
        return ask(() -> readable(1, Store::toTopics, notes()
                .find(new BsonDocument("_id", new BsonString(Topics.ofChannel(channel)))))
                .stream().findFirst().orElse(List.of()));
    }

    private static List<Noted> toTopics(BsonDocument document) {
        return document.getArray("topics").stream().map(BsonValue::asDocument)
                .map(topic -> new Noted(topic.getString("id", new BsonString("")).getValue(),
                        topic.getNumber("base").longValue())).toList();
    }

    /** The ids of the clusters from which the sink has written. */
    public Set<String> clusters() {
        return ask(() -> {
            Set<String> clusters = new HashSet<>();
            notes().find().projection(only("topics.cluster")).forEach(document -> document
                    .getArray("topics", new BsonArray()).forEach(topic -> {
                        if (topic instanceof BsonDocument noted && noted.get("cluster") instanceof BsonString cluster) {
                            clusters.add(cluster.getValue());
                        }
                    }));
            return clusters;
        });
    }

    private MongoCollection<BsonDocument> notes() {
        return database.getCollection(Positions.NOTES, BsonDocument.class);
    }

    /**
     * The last messages of a channel that have a text in them, whatever its case, oldest first. Without an index: it
     * reads the channel from its end until there are enough.
     */
    public List<PlacedMessage> search(String channel, String text, int count) {
        return ask(() -> {
            BsonDocument pattern = new BsonDocument("$regex", new BsonString(patternOf(text)))
                    .append("$options", new BsonString("i"));
            List<PlacedMessage> found = readable(count, Store::toMessage,
                    collection(channel).find(messagesWith("text", pattern))
                            .sort(new BsonDocument("offset", DESCENDING))
                            .maxTime(LONGEST_SEARCH_MS, TimeUnit.MILLISECONDS));
            Collections.reverse(found);
            return found;
        });
    }

    /**
     * The text as a regular expression that means nothing else, but that a letter with an accent is found however it is
     * encoded. MongoDB's are PCRE's, the stand-in's are Java's.
     */
    private static String patternOf(String text) {
        StringBuilder pattern = new StringBuilder();
        for (Matcher graphemes = GRAPHEME.matcher(text); graphemes.find();) {
            String grapheme = graphemes.group();
            pattern.append(grapheme.length() == 1 && grapheme.charAt(0) < 0x7F ? escaped(grapheme)
                    : spellings(grapheme).map(Store::escaped).collect(joining("|", "(?:", ")")));
        }
        return pattern.toString();
    }

    /** The ways in which a grapheme can be written: composed and decomposed, small and capital. */
    private static Stream<String> spellings(String grapheme) {
        return Stream.of(grapheme, grapheme.toLowerCase(Locale.ROOT), grapheme.toUpperCase(Locale.ROOT))
                .flatMap(letter -> Stream.of(letter, Normalizer.normalize(letter, Normalizer.Form.NFC),
                        Normalizer.normalize(letter, Normalizer.Form.NFD)))
                .distinct();
    }

    private static String escaped(String text) {
        return text.replaceAll("[^\\p{L}\\p{M}\\p{N}\\s]", "\\\\$0");
    }

    /**
     * Who has spoken in a channel. Reads all of it.
     *
     * @param count how many of them are named
     */
    public Speakers speakers(String channel, int count) {
        return ask(() -> {
            List<BsonDocument> all = collection(channel).aggregate(List.of(
                            new BsonDocument("$match", WRITTEN_BY_THE_SINK),
                            BsonDocument.parse("{$group: {_id: '$author.userId', last: {$max: '$offset'}}}"),
                            BsonDocument.parse("{$sort: {last: -1}}")))
                    .maxTime(LONGEST_SEARCH_MS, TimeUnit.MILLISECONDS)
                    .into(new ArrayList<>());
            BsonArray offsets = new BsonArray(all.stream().limit(count).map(last -> last.get("last")).toList());
            List<Author> authors = readable(count, document -> toMessage(document).message().author(),
                    collection(channel).find(messagesWith("offset", new BsonDocument("$in", offsets)))
                            .sort(new BsonDocument("offset", DESCENDING)));
            return new Speakers(authors, all.size());
        });
    }

    /**
     * What somebody has not read of a part of a channel. Reads that part, in MongoDB.
     *
     * @param userId whose own messages don't count
     * @param names that they go by, whatever their case
     * @param from where the part begins
     * @param to the position behind it
     */
    public Unread unread(String channel, String userId, List<String> names, long from, long to) {
        BsonDocument part = new BsonDocument("$and", new BsonArray(List.of(WRITTEN_BY_THE_SINK,
                new BsonDocument("offset", new BsonDocument("$gte", new BsonInt64(from)).append("$lt", new BsonInt64(to))),
                new BsonDocument("author.userId", new BsonDocument("$ne", new BsonString(userId))))));
        String named = names.stream().map(Store::patternOf).collect(joining("|", WORD_BEGINS + "(?:", ")" + WORD_ENDS));
        BsonDocument mention = new BsonDocument("$and", new BsonArray(List.of(part, new BsonDocument("text",
                new BsonDocument("$regex", new BsonString(named)).append("$options", new BsonString("i"))))));
        return ask(() -> {
            BsonDocument all = collection(channel).aggregate(List.of(new BsonDocument("$match", part),
                            BsonDocument.parse("{$group: {_id: null, count: {$sum: 1}}}")))
                    .maxTime(LONGEST_SEARCH_MS, TimeUnit.MILLISECONDS).first();
            return all == null ? Unread.NOTHING : new Unread(all.getNumber("count").longValue(),
                    collection(channel).find(mention).projection(only("_id"))
                            .maxTime(LONGEST_SEARCH_MS, TimeUnit.MILLISECONDS).first() != null);
        });
    }

    /** The user of this id, if there is one. */
    public Optional<UserProfile> user(String userId) {
        return profiles(List.of(userId)).stream().findFirst();
    }

    /**
     * The profiles of some users, as far as there are any.
     *
     * @param userIds a few: they are asked for in one question
     */
    public List<UserProfile> profiles(Collection<String> userIds) {
        BsonArray wanted = new BsonArray(userIds.stream().map(BsonString::new).toList());
        return ask(() -> readable(userIds.size(), Store::toProfile, database.getCollection(Topics.USERS, BsonDocument.class)
                .find(new BsonDocument("_id", new BsonDocument("$in", wanted)))));
    }

    /** Making an index would make the collection too: only one that exists is asked. */
    private static void makeSureOfIndex(MongoCollection<BsonDocument> messages) {
        try {
            messages.createIndex(new BsonDocument("offset", ASCENDING));
        } catch (MongoException e) {
            // Reading may be all that this user is allowed to; without an index it is slower, and no less right.
        }
    }

    /**
     * The messages behind a position, in their order.
     *
     * @param count how many; more where several stand at the position of the last, as in channels that were made anew
     * @param author whose messages; empty: everybody's
     */
    public List<PlacedMessage> following(String channel, long position, int count, Optional<String> author) {
        BsonDocument wanted = MESSAGES.clone();
        author.ifPresent(userId -> wanted.append("author.userId", new BsonString(userId)));
        return ask(() -> {
            MongoCollection<BsonDocument> messages = collection(channel);
            if (position < 0) {
                if (messages.find().projection(only("_id")).first() == null) {
                    return List.of();
                }
                makeSureOfIndex(messages);
            }
            List<PlacedMessage> found = readable(count, Store::toMessage,
                    messages.find(wanted.clone().append("offset", new BsonDocument("$gt", new BsonInt64(position))))
                            .sort(new BsonDocument("offset", ASCENDING)));
            if (found.size() == count) {
                long last = found.get(count - 1).position();
                found.removeIf(placed -> placed.position() == last);
                found.addAll(readable(Integer.MAX_VALUE, Store::toMessage,
                        messages.find(wanted.clone().append("offset", new BsonInt64(last)))));
            }
            return found;
        });
    }

    /**
     * What the sink has already done to a message.
     *
     * @param reacted the users whose reactions it has, or had until they took them back
     */
    public record Done(boolean edited, boolean deleted, Set<String> reacted) {
    }

    /** Those of the ids ({@link ChannelMessage#id()}) that the channel's collection holds, with what is done to them. */
    public Map<String, Done> known(String channel, Collection<String> ids) {
        return ask(() -> {
            BsonArray wanted = new BsonArray(ids.stream().map(BsonString::new).toList());
            Map<String, Done> known = new HashMap<>();
            collection(channel).find(new BsonDocument("_id", new BsonDocument("$in", wanted)))
                    .projection(BsonDocument.parse("{'edited.position': 1, 'deleted.position': 1, 'reactions.userId': 1}"))
                    .forEach(document -> known.put(document.getString("_id").getValue(), done(document)));
            return known;
        });
    }

    private static Done done(BsonDocument document) {
        return new Done(document.containsKey("edited"), document.containsKey("deleted"),
                document.isArray("reactions") ? document.getArray("reactions").stream()
                        .filter(BsonValue::isDocument).map(reacted -> reacted.asDocument().get("userId"))
                        .filter(userId -> userId != null && userId.isString())
                        .map(userId -> userId.asString().getValue()).collect(Collectors.toSet()) : Set.of());
    }

    /** Whether the channel's collection is missing or empty. */
    public boolean isEmpty(String channel) {
        return ask(() -> collection(channel).find().projection(only("_id")).first() == null);
    }

    /** Hands out all users, sorted by their ids. */
    public void users(Consumer<UserProfile> consumer) {
        ask(() -> {
            database.getCollection(Topics.USERS, BsonDocument.class).find()
                    .sort(new BsonDocument("_id", ASCENDING))
                    .forEach(document -> read(document, Store::toProfile).ifPresent(consumer));
            return null;
        });
    }

    private MongoCollection<BsonDocument> collection(String channel) {
        return database.getCollection(Topics.ofChannel(channel), BsonDocument.class);
    }

    private static BsonDocument messagesWith(String field, BsonDocument condition) {
        return MESSAGES.clone().append(field, condition);
    }

    /** An array is of the types of all that is in it, too. */
    private static BsonDocument type(String name) {
        return new BsonDocument("$type", new BsonString(name))
                .append("$not", new BsonDocument("$type", new BsonString("array")));
    }

    private static BsonDocument only(String field) {
        return new BsonDocument(field, ASCENDING);
    }

    /** The first of them that can be read. */
    private static <T> List<T> readable(int count, Function<BsonDocument, T> reader, FindIterable<BsonDocument> documents) {
        List<T> found = new ArrayList<>();
        try (MongoCursor<BsonDocument> cursor = documents.batchSize(Math.min(count, LARGEST_BATCH)).cursor()) {
            while (found.size() < count && cursor.hasNext()) {
                read(cursor.next(), reader).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Empty where it is no document of the sink connectors: somebody else's is left out, as a type that is unknown. */
    private static <T> Optional<T> read(BsonDocument document, Function<BsonDocument, T> reader) {
        try {
            return Optional.of(reader.apply(document));
        } catch (BsonInvalidOperationException e) {
            return Optional.empty();
        }
    }

    private static long position(BsonDocument document) {
        return document.getInt64("offset").getValue();
    }

    private static PlacedMessage toMessage(BsonDocument document) {
        Optional<PlacedMessage.Deleted> deleted = part(document, "deleted").map(Store::toDeleted);
        // The text of what is deleted is gone.
        String text = deleted.isPresent() ? "" : document.getString("text").getValue();
        Optional<String> replyTo = document.containsKey("replyTo")
                ? Optional.of(document.getString("replyTo").getValue()) : Optional.empty();
        return new PlacedMessage(position(document),
                new ChannelMessage(document.getString("messageId").getValue(), document.getString("channel").getValue(),
                        toAuthor(document.getDocument("author")), text, replyTo,
                        document.getDateTime("sentAt").getValue(), document.getDateTime("acceptedAt").getValue()),
                part(document, "edited").map(Store::toEdited), deleted,
                // Those of who took them back are none; that they were there is kept for the sink's sake.
                document.getArray("reactions", new BsonArray()).stream().map(Store::toReacted)
                        .filter(reacted -> !reacted.reactions().isEmpty()).toList());
    }

    private static Optional<BsonDocument> part(BsonDocument document, String field) {
        return document.containsKey(field) ? Optional.of(document.getDocument(field)) : Optional.empty();
    }

    private static Author toAuthor(BsonDocument author) {
        return new Author(author.getString("userId").getValue(), author.getString("displayName").getValue(),
                BsonBoolean.TRUE.equals(author.get("verified")));
    }

    private static PlacedMessage.Edited toEdited(BsonDocument edited) {
        return new PlacedMessage.Edited(edited.getDateTime("at").getValue(), edited.getInt64("position").getValue());
    }

    private static PlacedMessage.Deleted toDeleted(BsonDocument deleted) {
        return new PlacedMessage.Deleted(deleted.getDateTime("at").getValue(), deleted.getString("by").getValue(),
                deleted.getInt64("position").getValue());
    }

    private static PlacedMessage.Reacted toReacted(BsonValue element) {
        BsonDocument reacted = element.asDocument();
        return new PlacedMessage.Reacted(reacted.getString("userId").getValue(), strings(reacted.getArray("reactions")),
                reacted.getInt64("position").getValue());
    }

    private static ChannelRules toRules(BsonDocument document) {
        return new ChannelRules(document.getString("_id").getValue(), document.getString("title").getValue(),
                document.containsKey("owner") ? Optional.of(document.getString("owner").getValue()) : Optional.empty(),
                strings(document.getArray("moderators")),
                ChannelRules.Posting.named(document.getString("posting").getValue())
                        .orElseThrow(() -> new BsonInvalidOperationException("no posting that is known")),
                document.getNumber("slowModeSeconds").intValue(),
                document.getArray("muted").stream().map(Store::toMute).toList(),
                document.getDateTime("updatedAt").getValue());
    }

    private static ChannelRules.Mute toMute(BsonValue element) {
        BsonDocument mute = element.asDocument();
        return new ChannelRules.Mute(mute.getString("userId").getValue(), mute.containsKey("until")
                ? OptionalLong.of(mute.getNumber("until").longValue()) : OptionalLong.empty());
    }

    private static List<String> strings(BsonArray array) {
        return array.stream().map(string -> string.asString().getValue()).toList();
    }

    private static UserProfile toProfile(BsonDocument document) {
        return new UserProfile(document.getString("userId").getValue(), document.getString("displayName").getValue(),
                strings(document.getArray("keys", new BsonArray())),
                document.getDateTime("updatedAt").getValue());
    }

    /** The client of all that is asked here: it closes with this. */
    public MongoClient client() {
        return client;
    }

    /** The database that all is in. */
    public MongoDatabase database() {
        return database;
    }

    /**
     * Asks MongoDB what the caller wants to know.
     *
     * @throws AccessFailure in the place of what the driver throws
     */
    public <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (MongoTimeoutException | MongoSocketException e) {
            requireTrust();
            throw new ServerAway("MongoDB " + address,
                    "no MongoDB answers at " + address + ": is it running? (" + setting + ")", e);
        } catch (MongoSecurityException e) {
            throw new AccessFailure("MongoDB at " + address + " refuses the user or password of the URI", e);
        } catch (MongoCommandException e) {
            throw new AccessFailure("MongoDB at " + address + " refuses: " + e.getErrorMessage(), e);
        } catch (MongoException e) {
            throw new AccessFailure("MongoDB at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Tells a server that isn't trusted from one that is away: the driver goes on trying either, until its time is up. */
    private void requireTrust() {
        for (ServerDescription server : client.getClusterDescription().getServerDescriptions()) {
            for (Throwable e = server.getException(); e != null; e = e.getCause()) {
                if (e instanceof SSLException) {
                    throw new AccessFailure("MongoDB at " + address
                            + " shows a certificate that is not trusted here (mongodb.truststore): " + innermost(e), e);
                }
            }
        }
    }

    private static String innermost(Throwable e) {
        return e.getCause() == null ? e.getMessage() : innermost(e.getCause());
    }

    @Override
    public void close() {
        client.close();
    }
}
