package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Channels are written in transactions of one message: a marker stands at every other offset. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChannelReaderIT {

    private static final Author BOB = new Author("bob", "Bob");

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private final List<String> complaints = new ArrayList<>();
    private String channel;
    private ChannelTopics topics;
    private ChannelReader reader;

    @BeforeAll
    void startKafka(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0, faults);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "transactional.id", "test", "transaction.timeout.ms", 10_000),
                new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    @AfterAll
    void stopKafka() throws Exception {
        producer.close();
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void openReader(TestInfo test) {
        channel = "c" + Integer.toUnsignedString(test.getDisplayName().hashCode());
        KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), Map.of(), "");
        topics = new ChannelTopics(access, null);
        reader = new ChannelReader(access, topics, (where, why) -> complaints.add(where));
    }

    @AfterEach
    void closeReader() {
        reader.close();
        topics.close();
    }

    @Test
    void beginsWithTheLastMessagesWhateverStandsBetweenThem() throws Exception {
        write(0, 500);

        assertThat(numbers(reader.open(channel, 200, List.of()).last())).containsExactlyElementsOf(numbers(300, 500));
    }

    @Test
    void fillsInFromTheTopicWhatTheStoreDoesNotHaveYet() throws Exception {
        write(0, 20);

        assertThat(numbers(reader.open(channel, 10, stored(5, 15)).last()))
                .containsExactlyElementsOf(numbers(10, 20));
    }

    @Test
    void takesFromTheStoreWhatTheTopicNoLongerHas() throws Exception {
        write(0, 20);
        deleteBefore(2 * 18);

        assertThat(numbers(reader.open(channel, 10, stored(5, 15)).last()))
                .containsExactly(7, 8, 9, 10, 11, 12, 13, 14, 18, 19);
    }

    @Test
    void countsWhatIsUnreadInTheTopicAsFarAsThatGoes() throws Exception {
        Predicate<PlacedMessage> mentions = placed -> placed.message().text().equals("4000");
        assertThat(reader.unread(channel, "bob", mentions, 0, 100)).isEqualTo(Unread.NOTHING);
        write(0, 10);
        producer.beginTransaction();
        IntStream.range(10, 5_000).forEach(number -> producer.send(record(number)));
        producer.commitTransaction();
        long behind = 2 * 10 - 10;

        assertThat(reader.unread(channel, "bob", mentions, 2 * 3, behind + 4_999)).isEqualTo(new Unread(4_996, true));
        assertThat(reader.unread(channel, "bob", mentions, behind + 4_001, Long.MAX_VALUE)).isEqualTo(new Unread(999, false));
        assertThat(reader.unread(channel, "ada", mentions, 0, Long.MAX_VALUE)).isEqualTo(Unread.NOTHING);
        deleteBefore(behind + 4_990);
        assertThat(reader.unread(channel, "bob", mentions, 0, Long.MAX_VALUE)).isEqualTo(new Unread(10, false));
    }

    @Test
    void knowsWhichClusterItIsWhenAConsumerHasHeardOfIt() throws Exception {
        KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), Map.of(), "");
        assertThat(access.clusterId().toCompletableFuture()).isNotDone();
        try (ChannelReader other = new ChannelReader(access, topics, (where, why) -> complaints.add(where))) {
            other.open(channel, 1, List.of());
            assertThat(access.clusterId().toCompletableFuture()).isCompletedWithValue(
                    admin.describeCluster().clusterId().get());
        }
    }

    @Test
    void goesOnLiveWithNeitherGapNorRepeat() throws Exception {
        write(0, 15);
        List<PlacedMessage> seen = new ArrayList<>(reader.open(channel, 10, stored(0, 10)).last());
        write(15, 25);
        reader.follow();
        write(25, 35);
        read(seen, 30);

        assertThat(numbers(seen)).containsExactlyElementsOf(numbers(5, 35));
        assertThat(seen).extracting(PlacedMessage::position)
                .containsExactlyElementsOf(LongStream.range(5, 35).map(n -> 2 * n).boxed().toList());
    }

    @Test
    void goesOnLiveWhenTheTopicNoLongerHoldsAnything() throws Exception {
        write(0, 10);
        deleteBefore(2 * 10);
        List<PlacedMessage> seen = new ArrayList<>(reader.open(channel, 3, stored(0, 10)).last());
        reader.follow();
        write(10, 12);
        read(seen, 5);

        assertThat(numbers(seen)).containsExactly(7, 8, 9, 10, 11);
    }

    @Test
    void waitsForAChannelThatDoesNotExist() throws Exception {
        ChannelReader.Opened opening = reader.open(channel, 10, List.of());
        reader.follow();
        assertThat(reader.poll()).isEmpty();
        write(0, 3);
        List<PlacedMessage> seen = new ArrayList<>();
        read(seen, 3);

        assertThat(opening.exists()).isFalse();
        assertThat(numbers(seen)).containsExactly(0, 1, 2);
    }

    @Test
    void showsAChannelThatWasMadeAnewBehindWhatTheStoreRemembers() throws Exception {
        write(0, 3);

        assertThat(numbers(reader.open(channel, 5, stored(100, 104)).last())).containsExactly(102, 103, 0, 1, 2);
    }

    @Test
    void goesOnFromTheBeginningOfATopicThatWasMadeAnewHoweverMuchIsInIt() throws Exception {
        write(0, 3);
        long end = reader.open(channel, 10, List.of()).next();
        reader.follow();
        write(3, 4);
        List<PlacedMessage> seen = new ArrayList<>();
        read(seen, 1);
        admin.deleteTopics(List.of(Topics.ofChannel(channel))).all().get();
        await().ignoreExceptions().until(() -> {
            admin.createTopics(List.of(new NewTopic(Topics.ofChannel(channel), 1, (short) 1))).all().get();
            return true;
        });
        try (KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            IntStream.range(10, 30).forEach(number -> other.send(record(number)));
        }
        read(seen, 21);

        assertThat(numbers(seen.subList(0, 1))).containsExactly(3);
        assertThat(numbers(seen.subList(1, 21))).containsExactlyElementsOf(numbers(10, 30));
        assertThat(seen).extracting(PlacedMessage::position).isSorted().first().isEqualTo(end);
        assertThat(seen.get(1).position()).isEqualTo(1_000_000_000_000L);
    }

    @Test
    void doesNotShowWhatWasNotCommitted() throws Exception {
        write(0, 2);
        producer.beginTransaction();
        producer.send(record(2)).get();
        producer.abortTransaction();
        write(3, 5);

        assertThat(numbers(reader.open(channel, 10, List.of()).last())).containsExactly(0, 1, 3, 4);
    }

    @Test
    void tellsOfARecordThatIsNoMessageAndGoesOn() throws Exception {
        write(0, 1);
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(Topics.ofChannel(channel), "nonsense".getBytes(UTF_8))).get();
        producer.commitTransaction();
        write(1, 2);

        assertThat(numbers(reader.open(channel, 10, List.of()).last())).containsExactly(0, 1);
        assertThat(complaints).singleElement().asString().contains("position 2").contains(channel);
    }

    @Test
    void skipsRecordsOfATypeThatItDoesNotKnowWithoutAWord() throws Exception {
        write(0, 2);
        for (String later : List.of("{\"type\":\"poll\",\"text\":\"?\"}", "{\"type\":7}", "{\"author\":1,\"type\":\"poll\"}")) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(Topics.ofChannel(channel), later.getBytes(UTF_8))).get();
            producer.commitTransaction();
        }
        write(2, 3);
        List<PlacedMessage> seen = new ArrayList<>(reader.open(channel, 3, List.of()).last());
        reader.follow();
        write(3, 4);
        read(seen, 4);

        assertThat(numbers(seen)).containsExactly(0, 1, 2, 3);
        assertThat(complaints).isEmpty();
    }

    @Test
    void showsMessagesAsTheyAreByNowAlsoWhereTheStoreHasNotComeSoFar() throws Exception {
        write(0, 3);
        send(edit(0, "hola"), new ChannelRecord.Deletion("d", channel, BOB, message(1).id(), 7, 8), reaction("👍"));
        write(3, 4);

        List<PlacedMessage> last = reader.open(channel, 4, stored(0, 2)).last();

        assertThat(last).extracting(placed -> placed.message().text()).containsExactly("hola", "", "2", "3");
        assertThat(last.get(0).edited()).contains(new PlacedMessage.Edited(5, 6));
        assertThat(last.get(1).deleted()).contains(new PlacedMessage.Deleted(7, "bob", 8));
        assertThat(last.get(2).reactions()).containsExactly(new PlacedMessage.Reacted("bob", List.of("👍"), 10));
    }

    @Test
    void showsWhatTheStoreHasAMessageOfAndNotYetWhatChangedItInFrontOfItsLastOne() throws Exception {
        write(0, 1);
        send(edit(0, "hola"));
        write(1, 2);
        List<PlacedMessage> stored =
                List.of(new PlacedMessage(0, message(0)), new PlacedMessage(4, message(1)));

        assertThat(reader.open(channel, 2, stored).last()).extracting(placed -> placed.message().text())
                .containsExactly("hola", "1");
    }

    @Test
    void showsAMessageWithoutTheReactionsThatWereTakenBack() throws Exception {
        write(0, 3);
        send(reaction("👍"));
        send(reaction());

        assertThat(reader.open(channel, 5, List.of()).last()).hasSize(3)
                .allSatisfy(placed -> assertThat(placed.reactions()).isEmpty());
    }

    @Test
    void tellsWhatTheMessagesDontShowThatItBeginsWith() throws Exception {
        write(0, 3);
        send(edit(0, "hola"), reaction("👍"), edit(1, "hey"), reaction());

        assertThat(reader.open(channel, 2, List.of()).changes()).extracting(PlacedRecord::position)
                .as("an edit of an older message, and what was taken back of one of these").containsExactly(6L, 12L);
        assertThat(reader.open(channel, 3, List.of()).changes()).extracting(PlacedRecord::position).containsExactly(12L);
    }

    @Test
    void findsAMessageByItsPositionAndNothingElse() throws Exception {
        write(0, 2);
        send(edit(0, "hola"));

        assertThat(reader.at(channel, 2)).contains(new PlacedMessage(2, message(1)));
        assertThat(reader.at(channel, 4)).isEmpty();
        assertThat(reader.at(channel, 1_000)).isEmpty();
        assertThat(reader.at(channel, -1)).isEmpty();
        assertThat(reader.at("nowhere", 0)).isEmpty();
    }

    private ChannelRecord.Edit edit(int number, String text) {
        return new ChannelRecord.Edit("e", channel, message(number).author(), message(number).id(), text, 5, 6);
    }

    private ChannelRecord.Reaction reaction(String... reactions) {
        return new ChannelRecord.Reaction("r", channel, BOB, message(2).id(), List.of(reactions), 1, 1);
    }

    private void send(ChannelRecord... records) throws Exception {
        for (ChannelRecord record : records) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(Topics.ofChannel(channel), Wire.write(record))).get();
            producer.commitTransaction();
        }
    }

    private void write(int from, int to) throws Exception {
        if (!admin.listTopics().names().get().contains(Topics.ofChannel(channel))) {
            admin.createTopics(List.of(new NewTopic(Topics.ofChannel(channel), 1, (short) 1))).all().get();
        }
        for (int number = from; number < to; number++) {
            producer.beginTransaction();
            producer.send(record(number)).get();
            producer.commitTransaction();
        }
    }

    private ProducerRecord<byte[], byte[]> record(int number) {
        return new ProducerRecord<>(Topics.ofChannel(channel), Wire.write(message(number)));
    }

    private ChannelMessage message(int number) {
        return new ChannelMessage("m" + number, channel, new Author("ada", "Ada"),
                Integer.toString(number), number, number);
    }

    private List<PlacedMessage> stored(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> new PlacedMessage(2L * n, message(n))).toList();
    }

    private void deleteBefore(long offset) throws Exception {
        TopicPartition partition = new TopicPartition(Topics.ofChannel(channel), 0);
        // A transaction is committed before its marker stands in the topic.
        await().until(() -> admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition).get().offset() >= offset);
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
    }

    /** Reads until there are this many, and once more for what should not be there. */
    private void read(List<PlacedMessage> seen, int count) {
        long start = System.nanoTime();
        while (seen.size() < count && System.nanoTime() - start < 20_000_000_000L) {
            reader.poll().forEach(placed -> placed.message().ifPresent(seen::add));
        }
        reader.poll().forEach(placed -> placed.message().ifPresent(seen::add));
    }

    private static List<Integer> numbers(List<PlacedMessage> messages) {
        return messages.stream().map(placed -> Integer.valueOf(placed.message().text())).toList();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
