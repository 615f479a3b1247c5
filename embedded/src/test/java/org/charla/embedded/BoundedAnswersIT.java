package org.charla.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Requests whose answers are long, and peers who don't read them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundedAnswersIT {

    private static final int TOPICS = 100;
    private static final int TIMES = 2_000;
    private static final int SMALL_BUFFER_BYTES = 8_192;

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;
    private Admin admin;

    @BeforeAll
    void startKafka(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0, faults);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        admin.createTopics(IntStream.range(0, TOPICS).mapToObj(i -> new NewTopic("topic-" + i, 1, (short) 1)).toList())
                .all().get(30, TimeUnit.SECONDS);
    }

    @AfterAll
    void stopKafka() {
        admin.close();
        kafka.close();
    }

    private Socket ask(ApiMessage asked) throws IOException {
        Socket socket = ByHand.connect(kafka.bootstrapServers(), SMALL_BUFFER_BYTES);
        ByHand.ask(socket, "by-hand", asked);
        return socket;
    }

    private int bytesOfAnswerTo(ApiMessage asked) throws IOException {
        try (Socket socket = ask(asked)) {
            return new DataInputStream(socket.getInputStream()).readInt();
        }
    }

    private static DescribeConfigsRequestData settings(ConfigResource.Type type, List<String> names) {
        return new DescribeConfigsRequestData().setIncludeDocumentation(true).setIncludeSynonyms(true)
                .setResources(names.stream().map(name -> new DescribeConfigsResource()
                        .setResourceType(type.id()).setResourceName(name).setConfigurationKeys(null)).toList());
    }

    @Test
    void tellsOnceWhatIsAskedForOftenInOneRequest() throws Exception {
        admin.alterConsumerGroupOffsets("group", Map.of(new TopicPartition("topic-0", 0),
                new OffsetAndMetadata(0, "x".repeat(500)))).all()
                .get(30, TimeUnit.SECONDS);
        for (int times : new int[] {1, TIMES}) {
            List<String> groups = Collections.nCopies(times, "group");
            List<ApiMessage> requests = List.of(
                    settings(ConfigResource.Type.TOPIC, Collections.nCopies(times, "topic-0")),
                    settings(ConfigResource.Type.BROKER, Collections.nCopies(times, "1")),
                    new OffsetFetchRequestData().setGroups(groups.stream().map(group ->
                            new OffsetFetchRequestGroup().setGroupId(group).setTopics(null)).toList()),
                    new DescribeGroupsRequestData().setGroups(groups),
                    new ConsumerGroupDescribeRequestData().setGroupIds(groups),
                    new ShareGroupDescribeRequestData().setGroupIds(groups),
                    new StreamsGroupDescribeRequestData().setGroupIds(groups),
                    new DescribeShareGroupOffsetsRequestData().setGroups(groups.stream().map(group ->
                            new DescribeShareGroupOffsetsRequestGroup().setGroupId(group).setTopics(null)).toList()),
                    new DescribeTransactionsRequestData().setTransactionalIds(groups),
                    new DescribeProducersRequestData().setTopics(new DescribeProducersRequestData.TopicRequestCollection(
                            List.of(new TopicRequest().setName("topic-0")
                                    .setPartitionIndexes(Collections.nCopies(times, 0))).iterator())));
            for (ApiMessage request : requests) {
                assertThat(bytesOfAnswerTo(request)).as("%s", ApiKeys.forId(request.apiKey()))
                        .isBetween(10, 200_000);
            }
        }
    }

    /** Kafka takes a number for a broker's name however it is written. */
    @Test
    void tellsOnlySomeOfMoreSettingsThanThereAre() throws IOException {
        List<String> names = IntStream.range(0, 200).mapToObj(zeros -> "0".repeat(zeros) + "1").toList();
        assertThat(bytesOfAnswerTo(settings(ConfigResource.Type.BROKER, names))).isBetween(100_000, 5_000_000);
        List<String> groups = IntStream.range(0, 20_000).mapToObj(Integer::toString).toList();
        assertThat(bytesOfAnswerTo(settings(ConfigResource.Type.GROUP, groups))).isBetween(10_000, 5_000_000);
    }

    @Test
    void closesTheConnectionOfWhoAsksForMoreThanAClientHasTo() throws IOException {
        List<String> groups = Collections.nCopies(400_000, "");
        try (Socket socket = ask(new DescribeGroupsRequestData().setGroups(groups))) {
            assertThat(readAll(socket)).isZero();
        }
    }

    @Test
    void closesTheConnectionsOfThoseWhoReadNoLongAnswersButTheLast() throws IOException {
        List<String> topics = IntStream.range(0, TOPICS).mapToObj(i -> "topic-" + i).toList();
        List<Socket> deaf = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Socket socket = ask(settings(ConfigResource.Type.TOPIC, topics));
            // Until it is answered, so that the order is known.
            socket.getInputStream().skipNBytes(1);
            deaf.add(socket);
        }
        assertThat(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, "topic-0"))).all())
                .succeedsWithin(10, TimeUnit.SECONDS);
        for (Socket socket : deaf.subList(0, 10)) {
            assertThat(readAll(socket)).isLessThan(1_000_000);
        }
        deaf.get(29).getInputStream().skipNBytes(1_000_000);
        for (Socket socket : deaf) {
            socket.close();
        }
    }

    /** How many bytes come before the connection ends. */
    private static long readAll(Socket socket) throws IOException {
        long read = 0;
        byte[] bytes = new byte[SMALL_BUFFER_BYTES];
        try {
            for (int some = 0; some >= 0; some = socket.getInputStream().read(bytes)) {
                read += some;
            }
        } catch (SocketException e) {
            // Closed with something unsent.
        }
        return read;
    }
}
