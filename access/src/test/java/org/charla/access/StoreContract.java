package org.charla.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.Document;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.UserProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client relies on in a store; each kind of store is a subclass. */
abstract class StoreContract {

    private MongoClient client;
    private MongoDatabase database;
    private Store store;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        String uri = startStore(directory);
        client = MongoClients.create(uri);
        database = client.getDatabase("chat");
        store = new Store(uri, "--mongodb-uri", "");
    }

    @AfterEach
    void stop() throws Exception {
        if (store != null) {
            store.close();
            client.close();
        }
        stopStore();
    }

    /** Starts one that is empty and gives its URI. */
    abstract String startStore(Path directory) throws Exception;

    abstract void stopStore() throws Exception;

    @Test
    void showsTheLastMessagesOldestFirst() {
        insert("general", 0, 30);

        assertThat(store.history("general", 3, Long.MAX_VALUE)).containsExactly(message(27), message(28), message(29));
    }

    @Test
    void pagesBackByPosition() {
        insert("general", 0, 30);

        List<PlacedMessage> page = store.history("general", 3, 2 * 27);

        assertThat(page).containsExactly(message(24), message(25), message(26));
        assertThat(store.history("general", 3, 0)).isEmpty();
    }

    @Test
    void makesSureOfAnIndexOnThePosition() {
        insert("general", 0, 1);

        store.history("general", 1, Long.MAX_VALUE);
        store.history("general", 1, Long.MAX_VALUE);

        assertThat(database.getCollection("chat.channel.general").listIndexes())
                .extracting(index -> index.get("key", Document.class)).contains(new Document("offset", 1)).hasSize(2);
    }

    @Test
    void makesNoCollectionOfAChannelThatDoesNotExist() {
        assertThat(store.history("nowhere", 20, Long.MAX_VALUE)).isEmpty();
        assertThat(store.isEmpty("nowhere")).isTrue();
        assertThat(store.known("nowhere", List.of("ada:m1"))).isEmpty();

        assertThat(database.listCollectionNames()).isEmpty();
    }

    @Test
    void knowsTheMessagesThatAreThere() {
        insert("general", 0, 5);

        assertThat(store.isEmpty("general")).isFalse();
        assertThat(store.known("general", List.of("ada:m1", "ada:m4", "ada:m5", "bob:m1")).keySet())
                .isEqualTo(Set.of("ada:m1", "ada:m4"));
    }

    @Test
    void listsUsersByTheirIds() {
        for (String id : List.of("b", "a", "c")) {
            database.getCollection("chat.users").insertOne(new Document("_id", id).append("userId", id)
                    .append("displayName", id.toUpperCase(Locale.ROOT)).append("updatedAt", new Date(5)));
        }
        List<UserProfile> users = new ArrayList<>();

        store.users(users::add);

        assertThat(users).containsExactly(
                new UserProfile("a", "A", 5), new UserProfile("b", "B", 5), new UserProfile("c", "C", 5));
    }

    @Test
    void tellsTheKeysOfUsersAndLeavesOutWhoseAreNoListOfTexts() {
        Document user = new Document("displayName", "X").append("updatedAt", new Date(5));
        List<Object> odd = Arrays.asList(null, "k", 7, true, new Document("k", 1), List.of("k", 7), List.of(List.of("k")));
        MongoCollection<Document> collection = database.getCollection("chat.users");
        for (int i = 0; i < odd.size(); i++) {
            String id = "odd" + i;
            collection.insertOne(new Document(user).append("_id", id).append("userId", id).append("keys", odd.get(i)));
        }
        collection.insertOne(new Document(user).append("_id", "a").append("userId", "a").append("keys", List.of("k", "l")));
        collection.insertOne(new Document(user).append("_id", "b").append("userId", "b"));

        UserProfile a = new UserProfile("a", "X", List.of("k", "l"), 5);
        UserProfile b = new UserProfile("b", "X", 5);
        assertThat(store.profiles(List.of("b", "a", "odd0", "odd3", "odd5", "nobody"))).containsExactlyInAnyOrder(a, b);
        List<UserProfile> users = new ArrayList<>();
        store.users(users::add);
        assertThat(users).containsExactly(a, b);
    }

    @Test
    void whoeverIsNotSaidToBeVerifiedIsNot() {
        insert("general", 0, 8);
        List<Object> said = Arrays.asList(true, false, null, 1, "true", List.of(true), new Document("verified", true));
        for (int i = 0; i < said.size(); i++) {
            database.getCollection("chat.channel.general").updateOne(new Document("_id", "ada:m" + i),
                    new Document("$set", new Document("author.verified", said.get(i))));
        }

        assertThat(store.history("general", 8, Long.MAX_VALUE)).hasSize(8)
                .filteredOn(placed -> placed.message().author().verified()).extracting(PlacedMessage::position)
                .containsExactly(0L);
        assertThat(store.speakers("general", 5).last()).containsExactly(new Author("ada", "Ada"));
        assertThat(store.history("general", 1, 1).get(0).message().author())
                .isEqualTo(new Author("ada", "Ada", true));
    }

    @Test
    void tellsThePositionOfTheNewestMessage() {
        assertThat(store.newest("general")).isEmpty();
        insert("general", 0, 30);

        assertThat(store.newest("general")).hasValue(2 * 29);
    }

    @Test
    void countsWhatSomebodyHasNotReadWithoutTheirOwnAndKnowsWhetherItSpeaksOfThem() {
        insert("general", 0, 1_000);
        MongoCollection<Document> messages = database.getCollection("chat.channel.general");
        messages.updateMany(new Document("offset", new Document("$gte", 2 * 990)),
                new Document("$set", new Document("author.userId", "bob")));
        List<String> ada = List.of("ada", "Ada (L.)");
        List<String> bob = List.of("bob", "Jos\u00e9");
        assertThat(store.unread("general", "bob", bob, 2 * 100, 2 * 1_000)).isEqualTo(new Unread(890, false));
        assertThat(store.unread("general", "ada", ada, 2 * 100, 2 * 995)).isEqualTo(new Unread(5, false));
        assertThat(store.unread("general", "carol", ada, 0, Long.MAX_VALUE)).isEqualTo(new Unread(1_000, false));
        assertThat(store.unread("general", "carol", ada, 7, 8)).isEqualTo(new Unread(0, false));
        assertThat(store.unread("nowhere", "carol", ada, 0, 9)).isEqualTo(Unread.NOTHING);

        for (String text : List.of("hola JOSE\u0301!", "BOB", "a,bob\nb")) {
            messages.updateOne(new Document("offset", 2 * 200L), new Document("$set", new Document("text", text)));
            assertThat(store.unread("general", "bob", bob, 2 * 100, 2 * 990)).as(text).isEqualTo(new Unread(890, true));
        }
        assertThat(store.unread("general", "bob", bob, 2 * 201, 2 * 990).mentioned()).isFalse();
        for (String text : List.of("bobby", "a_bob", "Jose")) {
            messages.updateOne(new Document("offset", 2 * 200L), new Document("$set", new Document("text", text)));
            assertThat(store.unread("general", "bob", bob, 2 * 100, 2 * 990).mentioned()).as(text).isFalse();
        }
        messages.updateOne(new Document("offset", 2 * 200L), new Document("$set", new Document("text", "ask ada (l.)")));
        assertThat(store.unread("general", "bob", ada, 0, 2 * 990).mentioned()).isTrue();

        // A poll is no message, nor is what has no text any more.
        messages.updateOne(new Document("offset", 2 * 300L), new Document("$set", new Document("type", "poll")));
        messages.updateOne(new Document("offset", 2 * 301L), new Document("$unset", new Document("text", "")));
        assertThat(store.unread("general", "bob", bob, 2 * 100, 2 * 990)).isEqualTo(new Unread(888, false));
    }

    @Test
    void findsATextWhateverItsCaseAndWhateverCharactersItHas() {
        insert("general", 0, 30);
        database.getCollection("chat.channel.general").updateOne(
                new Document("_id", "ada:m7"), new Document("$set", new Document("text", "¿Dónde (está) [a.b]*? \\E")));

        assertThat(store.search("general", "TEXT 2", 5)).containsExactly(
                message(25), message(26), message(27), message(28), message(29));
        for (String text : List.of("¿dónde (Está)", "[a.b]*?", "\\E")) {
            assertThat(store.search("general", text, 5)).as(text).extracting(PlacedMessage::position)
                    .containsExactly(14L);
        }
        assertThat(store.search("general", "a+b", 5)).isEmpty();
        assertThat(store.search("general", "¿do\u0301nde", 5)).hasSize(1);
        database.getCollection("chat.channel.general").updateOne(
                new Document("_id", "ada:m8"), new Document("$set", new Document("text", "A JOSE\u0301, \uD83D\uDE00")));
        for (String text : List.of("josé", "Jose\u0301", "JOSÉ, \uD83D\uDE00")) {
            assertThat(store.search("general", text, 5)).as(text).hasSize(1);
        }
        assertThat(store.search("nowhere", "text", 5)).isEmpty();
    }

    @Test
    void tellsWhoHasSpokenTheLastOnesFirst() {
        insert("general", 0, 30);
        database.getCollection("chat.channel.general").updateMany(
                new Document("offset", new Document("$lt", 20)), new Document("$set", new Document("author",
                        new Document("userId", "bob").append("displayName", "Bob"))));

        assertThat(store.speakers("general", 10)).isEqualTo(new Speakers(List.of(
                new Author("ada", "Ada"), new Author("bob", "Bob")), 2));
        assertThat(store.speakers("general", 1).last()).containsExactly(new Author("ada", "Ada"));
        assertThat(store.speakers("nowhere", 10)).isEqualTo(new Speakers(List.of(), 0));
    }

    @Test
    void skipsWhatIsOfATypeThatItDoesNotKnow() {
        insert("general", 0, 30);
        database.getCollection("chat.channel.general").updateMany(new Document("_id", new Document("$in",
                List.of("ada:m28", "ada:m29"))), new Document("$set", new Document("type", "poll")
                .append("author", "none")));
        database.getCollection("chat.channel.general").updateOne(
                new Document("_id", "ada:m27"), new Document("$set", new Document("type", "message")));

        assertThat(store.history("general", 3, Long.MAX_VALUE)).containsExactly(message(25), message(26), message(27));
        assertThat(store.newest("general")).hasValue(2 * 27);
        assertThat(store.search("general", "text 2", 2)).containsExactly(message(26), message(27));
        assertThat(store.speakers("general", 10))
                .isEqualTo(new Speakers(List.of(new Author("ada", "Ada")), 1));
    }

    @Test
    void skipsDocumentsThatTheSinkConnectorsDidNotWrite() {
        insert("general", 0, 3);
        MongoCollection<Document> messages = database.getCollection("chat.channel.general");
        Document whole = messages.find(new Document("_id", "ada:m2")).first();
        int foreign = 0;
        for (String field : List.of("messageId", "channel", "author", "text", "sentAt", "acceptedAt", "offset")) {
            Document without = new Document(whole).append("_id", "without " + field).append("offset", 100L + foreign++);
            without.remove(field);
            messages.insertOne(without);
            for (Object value : Arrays.asList(null, true, List.of("text 2"), new Document("text", 1), Double.NaN)) {
                messages.insertOne(new Document(whole).append("_id", new Document("n", foreign++))
                        .append("offset", value instanceof List ? -1L - foreign : 100L + foreign).append(field, value));
            }
        }
        messages.insertOne(new Document("_id", "none"));
        database.getCollection("chat.users").insertMany(List.of(new Document("_id", "bob"),
                new Document("_id", 5).append("userId", 5), new Document("_id", "eve").append("userId", "eve")
                        .append("displayName", "Eve").append("updatedAt", new Date(5))));
        List<UserProfile> users = new ArrayList<>();
        store.users(users::add);

        assertThat(store.history("general", 5, Long.MAX_VALUE)).containsExactly(message(0), message(1), message(2));
        assertThat(store.history("general", 2, 100)).containsExactly(message(1), message(2));
        assertThat(store.search("general", "text", 5)).containsExactly(message(0), message(1), message(2));
        assertThat(store.newest("general")).isPresent();
        assertThat(store.speakers("general", 10).last()).containsExactly(new Author("ada", "Ada"));
        assertThat(users).containsExactly(new UserProfile("eve", "Eve", 5));
        assertThat(store.user("bob")).isEmpty();
    }

    @Test
    void hidesNobodyBehindListsOfWhatTheSinkConnectorsWrite() {
        insert("general", 0, 3);
        MongoCollection<Document> messages = database.getCollection("chat.channel.general");
        Document whole = messages.find(new Document("_id", "ada:m2")).first();
        Document author = whole.get("author", Document.class);
        for (String field : List.of("messageId", "channel", "author", "text", "sentAt", "acceptedAt", "offset")) {
            messages.insertOne(new Document(whole).append("_id", "list in " + field)
                    .append("offset", 100L).append(field, List.of(field.equals("offset") ? 100L : whole.get(field))));
        }
        for (String field : author.keySet()) {
            messages.insertOne(new Document(whole).append("_id", "list in the author's " + field)
                    .append("offset", 100L).append("author", new Document(author).append(field, List.of("ada"))));
        }

        assertThat(store.speakers("general", 10))
                .isEqualTo(new Speakers(List.of(new Author("ada", "Ada")), 1));
        assertThat(store.history("general", 5, Long.MAX_VALUE)).containsExactly(message(0), message(1), message(2));
    }

    @Test
    void knowsTheNameOfAUser() {
        database.getCollection("chat.users").insertOne(new Document("_id", "ada").append("userId", "ada")
                .append("displayName", "Ada").append("updatedAt", new Date(5)));

        assertThat(store.user("ada")).map(UserProfile::displayName).contains("Ada");
        assertThat(store.user("bob")).isEmpty();
    }

    @Test
    void showsMessagesAsTheyAreByNow() {
        insert("general", 0, 4);
        change(1, new Document("text", "hola").append("replyTo", "ada:m0")
                .append("edited", new Document("at", new Date(5)).append("position", 9L))
                .append("reactions", List.of(
                        new Document("userId", "bob").append("reactions", List.of("👍", "🎉")).append("position", 10L),
                        new Document("userId", "eve").append("reactions", List.of()).append("position", 12L))));
        change(2, new Document("deleted", new Document("at", new Date(6)).append("by", "bob").append("position", 11L)));
        database.getCollection("chat.channel.general")
                .updateOne(new Document("_id", "ada:m2"), new Document("$unset", new Document("text", "")));
        change(3, new Document("edited", "yesterday"));

        ChannelMessage sent = message(1).message();
        PlacedMessage edited = new PlacedMessage(2, new ChannelMessage("m1", "general", sent.author(), "hola",
                Optional.of("ada:m0"), sent.sentAt(), sent.acceptedAt()), Optional.of(new PlacedMessage.Edited(5, 9)),
                Optional.empty(), List.of(new PlacedMessage.Reacted("bob", List.of("👍", "🎉"), 10)));
        List<PlacedMessage> history = store.history("general", 4, Long.MAX_VALUE);
        assertThat(history).hasSize(3).startsWith(message(0), edited);
        assertThat(history.get(2).deleted()).contains(new PlacedMessage.Deleted(6, "bob", 11));
        assertThat(history.get(2).message().text()).isEmpty();
        assertThat(store.search("general", "hola", 4)).containsExactly(edited);
        assertThat(store.at("general", 2)).contains(edited);
        assertThat(store.at("general", 3)).isEmpty();
        assertThat(store.messages("general", List.of("ada:m1", "ada:m3", "ada:m9"))).isEqualTo(Map.of("ada:m1", edited));
        assertThat(store.answered("general", history)).isEqualTo(Map.of("ada:m0", message(0)));
        assertThat(store.answered("general", List.of(message(0)))).isEmpty();
        assertThat(store.known("general", List.of("ada:m0", "ada:m1", "ada:m2"))).isEqualTo(Map.of(
                "ada:m0", new Store.Done(false, false, Set.of()),
                "ada:m1", new Store.Done(true, false, Set.of("bob", "eve")),
                "ada:m2", new Store.Done(false, true, Set.of())));
    }

    @Test
    void handsOutAChannelInItsOrderByPagesOfEverybodyOrOne() {
        insert("general", 0, 7);
        database.getCollection("chat.channel.general").updateMany(new Document("offset", new Document("$gte", 8L)),
                new Document("$set", new Document("offset", 8L).append("author.userId", "bob")));

        assertThat(store.following("general", -1, 3, Optional.empty())).containsExactly(message(0), message(1), message(2));
        assertThat(store.following("general", 2, 3, Optional.empty())).extracting(placed -> placed.message().messageId())
                .containsExactlyInAnyOrder("m2", "m3", "m4", "m5", "m6").startsWith("m2", "m3");
        assertThat(store.following("general", 8, 3, Optional.empty())).isEmpty();
        assertThat(store.following("general", -1, 3, Optional.of("bob"))).hasSize(3);
        assertThat(store.following("general", -1, 9, Optional.of("ada"))).hasSize(4);
        assertThat(store.following("nowhere", -1, 3, Optional.empty())).isEmpty();
        assertThat(database.listCollectionNames()).doesNotContain("chat.channel.nowhere");
    }

    @Test
    void knowsWhatHoldsInAChannel() {
        database.getCollection("chat.channels").insertMany(List.of(
                new Document("_id", "general").append("channel", "general").append("title", "All").append("owner", "ada")
                        .append("moderators", List.of("bob")).append("posting", "verified").append("slowModeSeconds", 30)
                        .append("muted", List.of(new Document("userId", "eve").append("until", 9L),
                                new Document("userId", "mal")))
                        .append("updatedAt", new Date(5)),
                new Document("_id", "odd").append("title", 7)));

        assertThat(store.rules("general")).contains(new ChannelRules("general", "All", Optional.of("ada"), List.of("bob"),
                ChannelRules.Posting.VERIFIED, 30, List.of(new ChannelRules.Mute("eve", OptionalLong.of(9)),
                        new ChannelRules.Mute("mal", OptionalLong.empty())), 5));
        assertThat(store.rules("odd")).isEmpty();
        assertThat(store.rules("nowhere")).isEmpty();
    }

    private void change(int number, Document fields) {
        database.getCollection("chat.channel.general").updateOne(
                new Document("_id", "ada:m" + number), new Document("$set", fields));
    }

    private void insert(String channel, int from, int to) {
        database.getCollection("chat.channel." + channel).insertMany(IntStream.range(from, to)
                .mapToObj(StoreContract::message)
                .map(placed -> new Document("_id", placed.message().id())
                        .append("messageId", placed.message().messageId())
                        .append("channel", channel)
                        .append("author", new Document("userId", "ada").append("displayName", "Ada"))
                        .append("text", placed.message().text())
                        .append("sentAt", new Date(placed.message().sentAt()))
                        .append("acceptedAt", new Date(placed.message().acceptedAt()))
                        .append("offset", placed.position()))
                .toList());
    }

    private static PlacedMessage message(int number) {
        return new PlacedMessage(2L * number, new ChannelMessage("m" + number, "general",
                new Author("ada", "Ada"), "text " + number, 1_000 + number, 2_000 + number));
    }
}
