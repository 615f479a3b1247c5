package org.charla.connect.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicIdsTest {

    private static final Uuid ONE = Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final Uuid TWO = Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAg");

    private final Map<String, Uuid> kafka = new HashMap<>();
    private final List<Collection<String>> questions = new ArrayList<>();
    private RuntimeException refusal;
    private Map<String, Object> adminSettings;
    private final TopicIds ids = new TopicIds(settings -> {
        adminSettings = settings;
        return admin();
    });

    @BeforeEach
    void configure() {
        ids.configure(Map.of("bootstrap.servers", "b:1", "client.id", "sink-0", "security.protocol", "SASL_SSL",
                "group.id", "connect-sink", "max.poll.records", "5000", "interceptor.classes", "x"));
        ids.onUpdate(new ClusterResource("c1"));
        kafka.put("a", ONE);
    }

    @Test
    void eachRecordTellsItsTopicAndTheCluster() {
        assertThat(consume("a", "a")).containsExactly(ONE + " c1", ONE + " c1");
        assertThat(adminSettings).containsEntry("bootstrap.servers", "b:1").containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("client.id", "sink-0-topics")
                .doesNotContainKeys("group.id", "max.poll.records", "interceptor.classes");
    }

    @Test
    void kafkaIsAskedOnceForAllTopicsAfterEachLookAtTheMetadata() {
        kafka.put("b", TWO);
        for (int i = 0; i < 3; i++) {
            consume("a");
            consume("b", "a");
        }
        assertThat(questions).containsExactly(List.of("a"), List.of("a", "b"));
        ids.onUpdate(new ClusterResource("c1"));
        assertThat(questions).hasSize(2);
        consume("a");
        consume("b");
        assertThat(questions).hasSize(3).last().isEqualTo(List.of("a", "b"));
    }

    @Test
    void aTopicThatIsMadeAnewIsTheOtherOneFromTheNextLookAtTheMetadataOn() {
        consume("a");
        kafka.put("a", TWO);
        assertThat(consume("a")).containsExactly(ONE + " c1");
        ids.onUpdate(new ClusterResource("c1"));
        assertThat(consume("a", "a")).containsExactly(TWO + " c1", TWO + " c1");
    }

    @Test
    void whatIsLeftOfATopicThatIsGoneIsOfTheOneThatWasKnown() {
        consume("a");
        kafka.clear();
        ids.onUpdate(new ClusterResource("c1"));
        assertThat(consume("a", "b")).containsExactly(ONE + " c1", "");
        kafka.put("b", TWO);
        ids.onUpdate(new ClusterResource("c1"));
        assertThat(consume("b")).containsExactly(TWO + " c1");
        assertThat(questions.get(questions.size() - 1)).isEqualTo(List.of("a", "b"));
        ids.onUpdate(new ClusterResource("c1"));
        consume("b");
        assertThat(questions.get(questions.size() - 1)).as("a is forgotten").isEqualTo(List.of("b"));
    }

    @Test
    void whileKafkaDoesNotTellNothingIsGuessedAndItIsAskedAgain() {
        consume("a");
        ids.onUpdate(new ClusterResource("c1"));
        refusal = new ClusterAuthorizationException("no");
        assertThat(consume("a")).containsExactly("");
        assertThat(consume("a")).containsExactly("");
        refusal = null;
        assertThat(consume("a")).containsExactly(ONE + " c1");
    }

    private List<String> consume(String... topics) {
        Map<TopicPartition, List<ConsumerRecord<Object, Object>>> records = new HashMap<>();
        for (String topic : topics) {
            records.computeIfAbsent(new TopicPartition(topic, 0), partition -> new ArrayList<>())
                    .add(new ConsumerRecord<>(topic, 0, 0, "k", "v"));
        }
        return StreamSupport.stream(ids.onConsume(new ConsumerRecords<>(records, Map.of())).spliterator(), false)
                .sorted((one, other) -> one.topic().compareTo(other.topic())).map(record -> {
                    Header header = record.headers().lastHeader(TopicId.HEADER);
                    return new String(header.value(), UTF_8);
                }).toList();
    }

    @SuppressWarnings("unchecked")
    private Admin admin() {
        return (Admin) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("describeTopics")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    Collection<String> topics = new TreeSet<>((Collection<String>) arguments[0]);
                    questions.add(List.copyOf(topics));
                    return new DescribeTopicsResult(null, topics.stream()
                            .collect(Collectors.toMap(topic -> topic, this::answer))) {
                    };
                });
    }

    private KafkaFuture<TopicDescription> answer(String topic) {
        KafkaFutureImpl<TopicDescription> future = new KafkaFutureImpl<>();
        if (refusal != null || !kafka.containsKey(topic)) {
            future.completeExceptionally(refusal != null ? refusal : new UnknownTopicOrPartitionException());
        } else {
            future.complete(new TopicDescription(topic, false, List.of(), null, kafka.get(topic)));
        }
        return future;
    }
}
