package org.charla.embedded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kafka.network.RequestChannel;
import kafka.server.ApiRequestHandler;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.ShareGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.network.Request;
import org.apache.kafka.server.common.RequestLocal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands requests to Kafka's own handler so that their answers don't fill the memory: an answer is there as a whole until
 * the one who asked has read it. Those that take long are answered one by one.
 *
 * <p>Kafka answers what is asked for twice twice, so that a request could have an answer thousands of times as large as all
 * that there is to tell. And it waits for whoever doesn't read: of large answers only the last ones are kept here, and
 * the connections of the others closed. So is that of who asks for more than any client has to: only records are large.
 */
final class BoundedAnswers implements ApiRequestHandler {

    private static final Logger log = LoggerFactory.getLogger(BoundedAnswers.class);

    private static final int MOST_UNREAD = 16;

    /** Other than of records: thousands of partitions, which thirty times as many bytes are made of in memory. */
    private static final int LONGEST_REQUEST_BYTES = 1 << 18;
    /** A request that may have a long answer because it asks for much. */
    private static final int LONG_REQUEST_BYTES = 1 << 16;
    /** One that takes more than half a millisecond or so. */
    private static final int SLOW_REQUEST_BYTES = 1 << 11;
    /** How many of these wait for their turn; who comes then is too many. */
    private static final int MOST_WAITING = 16;
    private static final int IDLE_SECONDS = 10;
    /** Those that may have one whatever they ask for. */
    private static final Set<ApiKeys> TELLING = Set.of(ApiKeys.OFFSET_FETCH, ApiKeys.DESCRIBE_GROUPS,
            ApiKeys.LIST_GROUPS, ApiKeys.DESCRIBE_CONFIGS, ApiKeys.DESCRIBE_LOG_DIRS, ApiKeys.DESCRIBE_PRODUCERS,
            ApiKeys.DESCRIBE_TRANSACTIONS, ApiKeys.LIST_TRANSACTIONS, ApiKeys.CONSUMER_GROUP_DESCRIBE,
            ApiKeys.SHARE_GROUP_DESCRIBE, ApiKeys.STREAMS_GROUP_DESCRIBE, ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS, ApiKeys.LIST_CONFIG_RESOURCES);
    /** More than the topics that a standalone carries have; each costs some 200 bytes. */
    private static final int MOST_SETTINGS = 1 << 16;
    private static final int SETTINGS_OF_A_BROKER = 400;
    private static final int SETTINGS_OF_OTHERS = 40;
    /** With what they mean, and where they come from, they are ten times as long. */
    private static final int TEN_TIMES = 10;

    private final ApiRequestHandler kafka;
    private final RequestChannel requests;
    private final PacedReceipts receipts;
    /** The oldest first. */
    private final Set<Request> unread = new LinkedHashSet<>();
    private final ThreadPoolExecutor oneByOne;

    BoundedAnswers(ApiRequestHandler kafka, RequestChannel requests, PacedReceipts receipts) {
        this.kafka = kafka;
        this.requests = requests;
        this.receipts = receipts;
        this.oneByOne = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "slow-requests");
                    thread.setDaemon(true);
                    return thread;
                });
        oneByOne.allowCoreThreadTimeOut(true);
    }

    @Override
    public void handle(Request request, RequestLocal local) {
        ApiKeys api = request.header().apiKey();
        if (api != ApiKeys.PRODUCE) {
            receipts.tookApart(request.sizeInBytes());
            if (request.sizeInBytes() > LONGEST_REQUEST_BYTES) {
                log.debug("a request of {} bytes is too long: {}", request.sizeInBytes(), request.header());
                try {
                    forget(request);
                } finally {
                    requests.closeConnection(request, Map.of());
                }
                return;
            }
            askOnce(request);
            if (TELLING.contains(api) || request.sizeInBytes() > LONG_REQUEST_BYTES) {
                add(request);
            }
            // What the controller is to do is handed on, and needs what Kafka forgets when this returns.
            if (request.sizeInBytes() > SLOW_REQUEST_BYTES && !api.forwardable) {
                handleInTurn(request);
                return;
            }
        }
        kafka.handle(request, local);
    }

    /** Beside the threads that answer everybody else, since thirty thousand names take one of them some 50 ms. */
    private void handleInTurn(Request request) {
        try {
            oneByOne.execute(() -> {
                try {
                    kafka.handle(request, RequestLocal.noCaching());
                    kafka.tryCompleteActions();
                } catch (RuntimeException e) {
                    log.error("A slow request failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("too many slow requests at once: {}", request.header());
            requests.closeConnection(request, Map.of());
        }
    }

    @Override
    public void tryCompleteActions() {
        kafka.tryCompleteActions();
    }

    /** What it asks for: it is in memory until the connection's turn has come to be closed. */
    private static void forget(Request request) {
        short version = request.header().apiVersion();
        ApiMessage nothing = request.header().apiKey().messageType.newRequest();
        request.body(AbstractRequest.class).data().read(MessageUtil.toByteBufferAccessor(nothing, version), version);
    }

    private void add(Request request) {
        // When the answer has been read, or nobody is there any more to read it.
        request.setRecordNetworkThreadTimeCallback(nanos -> remove(request));
        Request tooMuch = null;
        synchronized (unread) {
            unread.add(request);
            if (unread.size() > MOST_UNREAD) {
                tooMuch = unread.iterator().next();
                unread.remove(tooMuch);
            }
        }
        if (tooMuch != null) {
            requests.closeConnection(tooMuch, Map.of());
        }
    }

    private void remove(Request request) {
        synchronized (unread) {
            unread.remove(request);
        }
    }

    private static void askOnce(Request request) {
        switch (request.header().apiKey()) {
            case DESCRIBE_CONFIGS -> bound(request.body(DescribeConfigsRequest.class).data());
            case OFFSET_FETCH -> {
                OffsetFetchRequestData data = request.body(OffsetFetchRequest.class).data();
                data.setGroups(once(data.groups(), OffsetFetchRequestData.OffsetFetchRequestGroup::groupId));
            }
            case DESCRIBE_PRODUCERS -> request.body(DescribeProducersRequest.class).data().topics().forEach(topic ->
                    topic.setPartitionIndexes(once(topic.partitionIndexes(), Function.identity())));
            case DESCRIBE_GROUPS -> {
                var data = request.body(DescribeGroupsRequest.class).data();
                data.setGroups(once(data.groups(), Function.identity()));
            }
            case CONSUMER_GROUP_DESCRIBE -> {
                var data = request.body(ConsumerGroupDescribeRequest.class).data();
                data.setGroupIds(once(data.groupIds(), Function.identity()));
            }
            case SHARE_GROUP_DESCRIBE -> {
                var data = request.body(ShareGroupDescribeRequest.class).data();
                data.setGroupIds(once(data.groupIds(), Function.identity()));
            }
            case STREAMS_GROUP_DESCRIBE -> {
                var data = request.body(StreamsGroupDescribeRequest.class).data();
                data.setGroupIds(once(data.groupIds(), Function.identity()));
            }
            case DESCRIBE_TRANSACTIONS -> {
                var data = request.body(DescribeTransactionsRequest.class).data();
                data.setTransactionalIds(once(data.transactionalIds(), Function.identity()));
            }
            case DESCRIBE_SHARE_GROUP_OFFSETS -> {
                var data = request.body(DescribeShareGroupOffsetsRequest.class).data();
                data.setGroups(once(data.groups(), group -> group.groupId()));
            }
            default -> { }
        }
    }

    /** The first of those that are called the same. */
    private static <T> List<T> once(List<T> asked, Function<T, ?> name) {
        Set<Object> names = new HashSet<>();
        return asked == null ? null : new ArrayList<>(asked.stream().filter(one -> names.add(name.apply(one))).toList());
    }

    /** Of too many the first. */
    private static void bound(DescribeConfigsRequestData request) {
        int left = request.includeDocumentation() || request.includeSynonyms() ? MOST_SETTINGS / TEN_TIMES : MOST_SETTINGS;
        List<DescribeConfigsResource> few = new ArrayList<>();
        for (DescribeConfigsResource resource
                : once(request.resources(), one -> List.of(one.resourceType(), one.resourceName()))) {
            left -= resource.resourceType() == ConfigResource.Type.TOPIC.id() ? SETTINGS_OF_OTHERS : SETTINGS_OF_A_BROKER;
            if (left >= 0) {
                few.add(resource);
            }
        }
        request.setResources(few);
    }
}
