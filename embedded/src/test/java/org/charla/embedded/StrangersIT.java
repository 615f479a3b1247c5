package org.charla.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.record.internal.CompressionType.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.charla.testing.RawProducer.batch;
import static org.charla.testing.RawProducer.by;
import static org.charla.testing.RawProducer.record;
import static org.charla.testing.RawProducer.repeated;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What anybody may have a broker do who reaches it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersIT {

    private static final int MOST_NAMES = 256;
    private static final int MOST_PRODUCERS = 50_000;
    private static final int MOST_PARTITIONS = 300;
    private static final int PARTITIONS = 100;
    private static final String MANY = "many";
    private static final String BY_HAND = "by-hand";
    private static final int BUFFER_BYTES = 1 << 16;

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;
    private Admin admin;
    private Uuid many;

    @BeforeAll
    void startKafka(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0,
                Map.of(EmbeddedKafka.MOST_PARTITIONS, Integer.toString(MOST_PARTITIONS)), faults);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        many = admin.createTopics(List.of(new NewTopic(MANY, PARTITIONS, (short) 1))).topicId(MANY)
                .get(30, TimeUnit.SECONDS);
        commit("first");
    }

    @AfterAll
    void stopKafka() {
        admin.close();
        kafka.close();
    }

    private void commit(String group) throws Exception {
        commits(group).get(30, TimeUnit.SECONDS);
    }

    private KafkaFuture<Void> commits(String group) {
        return admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(MANY, 0), new OffsetAndMetadata(0))).all();
    }

    private AbstractResponse answer(String clientId, ApiMessage asked) throws IOException {
        try (Socket socket = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES)) {
            return ByHand.answer(socket, clientId, asked);
        }
    }

    @Test
    void thereAreSoManyGroupsAndThoseThatThereAreGoOn() throws Exception {
        int there = admin.listGroups().all().get(30, TimeUnit.SECONDS).size();
        List<KafkaFuture<Void>> all = IntStream.range(there, MOST_NAMES).mapToObj(i -> commits("group-" + i)).toList();
        for (KafkaFuture<Void> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> commit("one-more")).hasCauseInstanceOf(PolicyViolationException.class);
        commit("first");
        commit("group-" + (MOST_NAMES - 1));

        admin.deleteConsumerGroups(IntStream.range(there, MOST_NAMES).mapToObj(i -> "group-" + i).toList()).all()
                .get(30, TimeUnit.SECONDS);
        await().atMost(30, TimeUnit.SECONDS).ignoreExceptions().untilAsserted(() -> commit("one-more"));
        admin.deleteConsumerGroups(List.of("one-more")).all().get(30, TimeUnit.SECONDS);
    }

    @Test
    void thereAreSoManyTransactionalIdsAndThoseThatThereAreGoOn() throws Exception {
        // Kafka makes the topic of its coordinators for whoever asks who they are.
        assertThatThrownBy(() -> admin.describeTransactions(List.of("id-0")).all().get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TransactionalIdNotFoundException.class);
        try (Socket socket = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES)) {
            List<Errors> errors = new ArrayList<>();
            for (int i = 0; i <= MOST_NAMES; i++) {
                errors.add(initProducerId(socket, "id-" + i));
            }
            assertThat(errors.subList(0, MOST_NAMES)).containsOnly(Errors.NONE);
            assertThat(errors.get(MOST_NAMES)).isEqualTo(Errors.POLICY_VIOLATION);
            assertThat(initProducerId(socket, "id-7")).isEqualTo(Errors.NONE);
            assertThat(initProducerId(socket, null)).isEqualTo(Errors.NONE);
        }
    }

    /** What it says once the coordinator is there and nothing is under way. */
    private static Errors initProducerId(Socket socket, String transactionalId) {
        return await().atMost(30, TimeUnit.SECONDS).pollInterval(1, TimeUnit.MILLISECONDS).until(
                () -> ByHand.answer(socket, BY_HAND, new InitProducerIdRequestData().setTransactionalId(transactionalId)
                        .setTransactionTimeoutMs(10_000)).errorCounts().keySet().iterator().next(),
                error -> !Set.of(Errors.NOT_COORDINATOR, Errors.COORDINATOR_NOT_AVAILABLE,
                        Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.CONCURRENT_TRANSACTIONS).contains(error));
    }

    @Test
    void aProducerTooManyIsHeardAndNotRemembered() throws Exception {
        byte[] hola = batch(NONE, 1, repeated(record("alice".getBytes(UTF_8), "hola".getBytes(UTF_8)), 1));
        int producers = MOST_PRODUCERS / PARTITIONS + 50;
        try (Socket socket = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES)) {
            for (int producer = 1; producer <= producers; producer++) {
                assertThat(ByHand.answer(socket, BY_HAND, produce(by(producer, 0, hola))).errorCounts().keySet())
                        .containsExactly(Errors.NONE);
            }
            AtomicLong tooMany = new AtomicLong(MOST_PRODUCERS);
            await().atMost(30, TimeUnit.SECONDS).until(() -> {
                assertThat(ByHand.answer(socket, BY_HAND, produce(by(tooMany.incrementAndGet(), 0, hola))).errorCounts()
                        .keySet()).containsExactly(Errors.NONE);
                return !remembered().contains(tooMany.get());
            });
            for (int sequence = 1; sequence < 4; sequence++) {
                assertThat(ByHand.answer(socket, BY_HAND, produce(by(tooMany.get(), sequence, hola))).errorCounts().keySet())
                        .containsExactly(Errors.NONE);
                // The others' sequences hold.
                assertThat(ByHand.answer(socket, BY_HAND, produce(by(1, sequence, hola))).errorCounts().keySet())
                        .containsExactly(Errors.NONE);
            }
            assertThat(remembered()).contains(1L).doesNotContain(tooMany.get());
        }
    }

    /** The producers of a partition that Kafka has in mind. */
    private List<Long> remembered() throws Exception {
        TopicPartition partition = new TopicPartition(MANY, 0);
        return admin.describeProducers(List.of(partition)).partitionResult(partition).get(30, TimeUnit.SECONDS)
                .activeProducers().stream().map(state -> state.producerId()).toList();
    }

    private ProduceRequestData produce(byte[] batch) {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(10_000);
        data.topicData().add(new TopicProduceData().setTopicId(many).setPartitionData(IntStream.range(0, PARTITIONS)
                .mapToObj(i -> new PartitionProduceData().setIndex(i)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(batch.clone())))).toList()));
        return data;
    }

    @Test
    void thereAreSoManyPartitionsWhoeverMakesThem() throws Exception {
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("large", MOST_PARTITIONS, (short) 1))).all()
                .get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(PolicyViolationException.class)
                .hasMessageContaining("delete topics");
        assertThatThrownBy(() -> admin.createPartitions(Map.of(MANY, NewPartitions.increaseTo(MOST_PARTITIONS + 1))).all()
                .get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(PolicyViolationException.class);
        assertThatThrownBy(() -> admin.createTopics(IntStream.range(0, MOST_PARTITIONS).mapToObj(
                i -> new NewTopic("small-" + i, 1, (short) 1)).toList()).all().get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(PolicyViolationException.class);
        admin.createTopics(List.of(new NewTopic("little", 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aReadersSessionHoldsWhatThereIs() throws Exception {
        List<FetchTopic> unknown = IntStream.range(0, 2_000).mapToObj(i -> new FetchTopic().setTopicId(Uuid.randomUuid())
                .setPartitions(List.of(new FetchPartition().setPartition(0).setPartitionMaxBytes(1)))).toList();
        List<FetchTopic> known = List.of(new FetchTopic().setTopicId(many).setPartitions(IntStream.range(0, 2 * PARTITIONS)
                .mapToObj(i -> new FetchPartition().setPartition(i).setPartitionMaxBytes(1)).toList()));
        try (Socket socket = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES)) {
            FetchResponse full = (FetchResponse) ByHand.answer(socket, BY_HAND, fetch(0, 0, unknown));
            assertThat(full.data().responses()).hasSize(100);
            FetchResponse more = (FetchResponse) ByHand.answer(socket, BY_HAND, fetch(full.sessionId(), 1, unknown));
            assertThat(more.data().responses()).hasSizeLessThanOrEqualTo(100);
            FetchResponse there = (FetchResponse) ByHand.answer(socket, BY_HAND, fetch(0, 0, known));
            assertThat(there.data().responses().get(0).partitions()).hasSize(2 * PARTITIONS);
        }
    }

    private static FetchRequestData fetch(int session, int epoch, List<FetchTopic> topics) {
        return new FetchRequestData().setSessionId(session).setSessionEpoch(epoch).setMinBytes(0).setMaxBytes(1 << 20)
                .setTopics(topics);
    }

    @Test
    void nobodyMayDoWhatStopsAllOthersForGood() throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "");
        ConfigResource offsets = new ConfigResource(ConfigResource.Type.TOPIC, "__consumer_offsets");
        List<KafkaFuture<?>> attempts = List.of(
                admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null)),
                        List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", 1.0))))).all(),
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("eve",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4_096), "secret"))).all(),
                alter(broker, "message.max.bytes"), alter(offsets, "retention.ms"),
                alter(new ConfigResource(ConfigResource.Type.GROUP, "first"), "consumer.session.timeout.ms"),
                admin.deleteTopics(List.of("__consumer_offsets")).all(),
                admin.createPartitions(Map.of("__consumer_offsets", NewPartitions.increaseTo(50))).all(),
                admin.unregisterBroker(1).all(),
                admin.updateFeatures(Map.of("streams.version", new FeatureUpdate((short) 0,
                        FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE)), new UpdateFeaturesOptions()).all());
        for (KafkaFuture<?> attempt : attempts) {
            assertThatThrownBy(() -> attempt.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ClusterAuthorizationException.class);
        }
        Uuid id = admin.describeTopics(List.of("__consumer_offsets")).allTopicNames().get(30, TimeUnit.SECONDS)
                .get("__consumer_offsets").topicId();
        ProduceRequestData poison = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(10_000);
        poison.topicData().add(new TopicProduceData().setTopicId(id).setPartitionData(List.of(new PartitionProduceData()
                .setIndex(0).setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(batch(NONE, 1,
                        repeated(record(new byte[] {0, 1, 0}, new byte[] {9}), 1))))))));
        assertThat(answer("__admin_client", poison).errorCounts().keySet())
                .containsExactly(Errors.CLUSTER_AUTHORIZATION_FAILED);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, MANY),
                List.of(op("retention.ms")))).all().get(30, TimeUnit.SECONDS);
    }

    private KafkaFuture<Void> alter(ConfigResource resource, String setting) {
        return admin.incrementalAlterConfigs(Map.of(resource, List.of(op(setting)))).all();
    }

    private static AlterConfigOp op(String setting) {
        return new AlterConfigOp(new ConfigEntry(setting, "1000000"), AlterConfigOp.OpType.SET);
    }

    @Test
    void letsOthersInThoughManySayNothingOrDoNotRead() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            FetchRequestData endless = fetch(0, -1, List.of(new FetchTopic().setTopicId(many).setPartitions(List.of(
                    new FetchPartition().setPartition(0).setFetchOffset(1_000_000).setPartitionMaxBytes(1)))))
                    .setMinBytes(1).setMaxWaitMs(Integer.MAX_VALUE);
            for (int i = 0; i < 400; i++) {
                Socket socket = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES);
                open.add(socket);
                if (i % 2 == 0) {
                    ByHand.ask(socket, BY_HAND, endless);
                }
            }
            try (Admin other = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(other.describeCluster().clusterId()).succeedsWithin(20, TimeUnit.SECONDS);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void newcomersWhoSayNothingPushNobodyOutWhoSpoke() throws Exception {
        ApiVersionsRequestData anything = new ApiVersionsRequestData()
                .setClientSoftwareName(BY_HAND).setClientSoftwareVersion("1");
        List<Socket> silent = new ArrayList<>();
        try (Socket first = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES)) {
            ByHand.answer(first, BY_HAND, anything);
            for (int i = 0; i < 150; i++) {
                silent.add(ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES));
            }
            // Until room has been made.
            assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1);

            assertThat(ByHand.answer(first, BY_HAND, anything)).isInstanceOf(ApiVersionsResponse.class);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
