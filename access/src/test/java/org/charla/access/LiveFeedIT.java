package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LiveFeedIT {

    private static final Author BOB = new Author("bob", "Bob");

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private ChannelTopics topics;
    private LiveFeed feed;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final LiveFeed.Listener listener = new LiveFeed.Listener() {
        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void disconnected(Connection why) {
            heard.add("disconnected " + why);
        }

        @Override
        public void arrived(String channel, List<PlacedRecord> records) {
            records.forEach(placed -> heard.add(channel + "@" + placed.position() + " " + shown(placed.record())));
        }

        @Override
        public void ruled(ChannelRules rules) {
            heard.add("ruled " + rules.channel() + " " + rules.title());
        }

        @Override
        public void lost(String channel) {
            heard.add("lost " + channel);
        }

        @Override
        public void denied(String channel, AccessFailure why) {
            heard.add("denied " + channel);
        }

        @Override
        public void refused(ConsumerRecord<byte[], byte[]> record) {
            heard.add("refused " + Rejection.fromHeaders(record.headers()).orElseThrow().source());
        }

        @Override
        public void failed(AccessFailure failure) {
            heard.add("failed " + failure.getMessage());
        }

        @Override
        public void unreadable(String where, String why) {
            heard.add("unreadable " + where);
        }
    };

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0, Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true"), faults);
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        admin = Admin.create(servers);
        producer = new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), Map.of(), "");
        topics = new ChannelTopics(access, null);
        feed = new LiveFeed(access, topics, listener);
    }

    @AfterEach
    void stop() throws Exception {
        feed.close();
        topics.close();
        producer.close();
        admin.close();
        kafka.close();
    }

    @Test
    void waitsForTheTopicsOfTheStreamsApp() throws Exception {
        feed.start();
        awaitHeard("disconnected NO_PIPELINE");
        create(Topics.REFUSALS, 2);

        awaitHeard("connected");
    }

    @Test
    void followsEachChannelFromItsPositionOnceAlsoWhenOthersComeAndGo() throws Exception {
        connect();
        IntStream.range(0, 3).forEach(i -> send("one", i));
        feed.follow(Map.of("one", 1L));
        awaitHeard("one@2 text 2");
        feed.follow(Map.of("one", 0L, "two", 0L));
        send("two", 0);
        send("one", 3);
        awaitHeard("two@0 text 0");
        awaitHeard("one@3 text 3");
        feed.follow(Map.of("one", 0L));
        send("two", 1);
        send("one", 4);
        awaitHeard("one@4 text 4");

        assertThat(heard).containsExactlyInAnyOrder("connected", "one@1 text 1", "one@2 text 2", "one@3 text 3",
                "one@4 text 4", "two@0 text 0");
    }

    @Test
    void saysThatAChannelIsLostWhereItsTopicBeginsLater() throws Exception {
        connect();
        IntStream.range(0, 10).forEach(i -> send("one", i));
        producer.flush();
        admin.deleteRecords(Map.of(new TopicPartition(Topics.ofChannel("one"), 0), RecordsToDelete.beforeOffset(5)))
                .all().get();
        feed.follow(Map.of("one", 2L));
        awaitHeard("lost one");
        feed.follow(Map.of("one", 8L));

        awaitHeard("one@9 text 9");
        assertThat(heard).containsExactly("connected", "lost one", "one@8 text 8", "one@9 text 9");
    }

    @Test
    void saysThatAChannelIsLostWhoseTopicIsMadeAnewHoweverMuchIsInIt() throws Exception {
        connect();
        IntStream.range(0, 3).forEach(i -> send("one", i));
        feed.follow(Map.of("one", 0L, "two", 0L));
        awaitHeard("one@2 text 2");
        makeAnew("one");
        IntStream.range(10, 20).forEach(i -> send("one", i));
        awaitHeard("lost one");
        feed.follow(Map.of("one", topics.of("one").base(), "two", 0L));
        awaitHeard("one@1000000000009 text 19");
        send("two", 0);
        awaitHeard("two@0 text 0");

        assertThat(heard.subList(4, heard.size() - 1)).isEqualTo(Stream.concat(Stream.of("lost one"),
                IntStream.range(0, 10).mapToObj(i -> "one@100000000000" + i + " text " + (10 + i))).toList());
    }

    @Test
    void followsAChannelFromNowOnIntoATopicThatIsMadeAnewHoweverMuchIsInIt() throws Exception {
        connect();
        IntStream.range(0, 3).forEach(i -> send("one", i));
        producer.flush();
        fromNow("one");
        send("one", 3);
        awaitHeard("one@3 text 3");
        makeAnew("one");
        IntStream.range(10, 20).forEach(i -> send("one", i));
        awaitHeard("one@1000000000009 text 19");

        assertThat(heard.subList(1, heard.size())).isEqualTo(Stream.concat(Stream.of("one@3 text 3"),
                IntStream.range(0, 10).mapToObj(i -> "one@100000000000" + i + " text " + (10 + i))).toList());
    }

    private void makeAnew(String channel) throws Exception {
        admin.deleteTopics(List.of(Topics.ofChannel(channel))).all().get();
        await().ignoreExceptions().until(() -> {
            create(Topics.ofChannel(channel), 1);
            return true;
        });
        producer.close();
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Test
    void repeatsNothingOfTheOthersWhenAChannelIsLost() throws Exception {
        connect();
        IntStream.range(0, 10).forEach(i -> send("one", i));
        send("two", 0);
        refuse("chat.raw-0@1", null);
        admin.deleteRecords(Map.of(new TopicPartition(Topics.ofChannel("one"), 0), RecordsToDelete.beforeOffset(5)))
                .all().get();
        feed.follow(Map.of("two", 0L));
        awaitHeard("two@0 text 0");
        feed.follow(Map.of("one", 2L, "two", 0L));
        awaitHeard("lost one");
        send("two", 1);

        awaitHeard("two@1 text 1");
        awaitHeard("refused chat.raw-0@1");
        assertThat(heard).containsExactlyInAnyOrder("connected", "two@0 text 0", "refused chat.raw-0@1", "lost one",
                "two@1 text 1");
    }

    @Test
    void hearsOfRefusalsFromNowOn() throws Exception {
        create(Topics.REFUSALS, 1);
        refuse("chat.raw-0@1", null);
        connect();
        refuse("chat.raw-0@2", null);
        refuse("chat.raw-0@3", new byte[70_000]);

        awaitHeard("refused chat.raw-0@3");
        assertThat(heard).containsExactly("connected", "refused chat.raw-0@2", "refused chat.raw-0@3");
    }

    @Test
    void complainsOfARecordThatIsNoMessageAndGoesOn() throws Exception {
        connect();
        feed.follow(Map.of("one", 0L));
        producer.send(new ProducerRecord<>(Topics.ofChannel("one"), bytes("no message")));
        producer.send(new ProducerRecord<>(Topics.ofChannel("one"), null));
        send("one", 2);

        awaitHeard("one@2 text 2");
        assertThat(heard).containsExactly("connected", "unreadable position 0 of chat.channel.one",
                "unreadable position 1 of chat.channel.one", "one@2 text 2");
    }

    @Test
    void leavesOutAChannelThatMayNotBeReadAndFollowsTheOthers() throws Exception {
        connect();
        feed.follow(Map.of("one", 0L, "two", 0L));
        send("one", 0);
        awaitHeard("one@0 text 0");
        admin.createAcls(List.of(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, Topics.ofChannel("one"), PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY)))).all().get();
        send("one", 1);
        awaitHeard("denied one");
        send("two", 0);

        awaitHeard("two@0 text 0");
        assertThat(heard).contains("connected", "one@0 text 0", "denied one", "two@0 text 0")
                .filteredOn("denied one"::equals).hasSize(1);
    }

    @Test
    void beginsWhereAChannelAndTheRefusalsEndWhenItIsToldTo() throws Exception {
        create(Topics.REFUSALS, 1);
        create(Topics.ofChannel("one"), 1);
        refuse("chat.raw-0@1", null);
        send("one", 0);
        producer.flush();
        fromNow("one");
        send("one", 1);
        refuse("chat.raw-0@2", null);

        awaitHeard("one@1 text 1");
        awaitHeard("refused chat.raw-0@2");
        assertThat(heard).hasSize(2);
    }

    @Test
    void goesOnWithATopicThatIsMadeOrMadeAnewLater() throws Exception {
        create(Topics.REFUSALS, 1);
        fromNow("one");
        create(Topics.ofChannel("one"), 1);
        IntStream.range(0, 3).forEach(i -> send("one", i));
        awaitHeard("one@2 text 2");
        heard.clear();
        admin.deleteTopics(List.of(Topics.ofChannel("one"))).all().get();
        await().until(() -> !admin.listTopics().names().get().contains(Topics.ofChannel("one")));
        create(Topics.ofChannel("one"), 1);
        send("one", 7);

        awaitHeard("one@1000000000000 text 7");
        assertThat(heard).containsExactly("one@1000000000000 text 7");
    }

    @Test
    void hearsOfWhatChangesMessagesAndOfWhatIsRuled() throws Exception {
        connect();
        feed.follow(Map.of("one", 0L));
        send("one", 0);
        for (ChannelRecord record : List.of(
                new ChannelRecord.Edit("e", "one", BOB, "bob:m0", "hola", 1, 1),
                new ChannelRecord.Deletion("d", "one", BOB, "bob:m0", 1, 1),
                new ChannelRecord.Reaction("r", "one", BOB, "bob:m0", List.of("👍"), 1, 1),
                new ChannelRecord.Rule("u", "one", BOB, ChannelRule.TITLE, "One", OptionalLong.empty(), 1, 1))) {
            producer.send(new ProducerRecord<>(Topics.ofChannel("one"), Wire.write(record)));
        }

        awaitHeard("one@4 rule");
        assertThat(heard).containsExactly("connected", "one@0 text 0", "one@1 edit", "one@2 deletion", "one@3 reaction",
                "one@4 rule");
    }

    @Test
    void hearsOfWhatHoldsInChannelsFromTheBeginningAndOfNoForgedRules() throws Exception {
        create(Topics.CHANNELS, 2);
        KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), Map.of(), "");
        rule("one", Wire.write(titled("one", "One")));
        rule("two", Wire.write(titled("two", "Two")));
        rule("one", bytes("no rules"));
        rule("one", Wire.write(titled("two", "forged")));
        rule("two", null);
        connect();
        rule("two", Wire.write(titled("two", "Zwei")));

        awaitHeard("ruled two Zwei");
        assertThat(heard).containsExactlyInAnyOrder("connected", "ruled one One", "ruled two Two", "ruled two ",
                "ruled two Zwei");
        assertThat(new ExistingRules(access).all())
                .isEqualTo(Map.of("one", titled("one", "One"), "two", titled("two", "Zwei")));
        assertThat(new ExistingRules(access).find("one")).contains(titled("one", "One"));
        assertThat(new ExistingRules(access).find("three")).isEmpty();
    }

    @Test
    void goesOnWithoutRulesThatMayNotBeRead() throws Exception {
        create(Topics.CHANNELS, 1);
        admin.createAcls(List.of(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, Topics.CHANNELS, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY)))).all().get();
        connect();
        feed.follow(Map.of("one", 0L));
        send("one", 0);

        awaitHeard("one@0 text 0");
        assertThat(heard).containsExactly("connected", "one@0 text 0");
    }

    private static ChannelRules titled(String channel, String title) {
        return new ChannelRules(channel, title, Optional.of("ada"), List.of(), ChannelRules.Posting.EVERYONE, 0, List.of(), 1);
    }

    private void rule(String key, byte[] value) {
        producer.send(new ProducerRecord<>(Topics.CHANNELS, bytes(key), value));
        producer.flush();
    }

    private static String shown(ChannelRecord record) {
        return record instanceof ChannelMessage message ? message.text() : record.type().wireName();
    }

    private void fromNow(String channel) {
        feed.close();
        feed = LiveFeed.fromNow(new KafkaAccess(kafka.bootstrapServers(), Map.of(), ""), topics, channel, listener);
    }

    private void connect() throws Exception {
        for (String topic : List.of(Topics.REFUSALS, Topics.ofChannel("one"), Topics.ofChannel("two"))) {
            if (!admin.listTopics().names().get().contains(topic)) {
                create(topic, 1);
            }
        }
        feed.start();
        awaitHeard("connected");
    }

    private void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }

    private void send(String channel, int number) {
        producer.send(new ProducerRecord<>(Topics.ofChannel(channel), Wire.write(new ChannelMessage("m" + number,
                channel, BOB, "text " + number, 1, 1))));
    }

    private void refuse(String source, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.REFUSALS, 0, null, value);
        new Rejection("MALFORMED", "It is none.", source).toHeaders().forEach(record.headers()::add);
        producer.send(record);
        producer.flush();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private void awaitHeard(String what) {
        await().untilAsserted(() -> assertThat(heard).contains(what));
    }
}
