package org.charla.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.InitializeShareGroupStateRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.ShareGroupHeartbeatRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.WriteShareGroupStateRequest;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.network.Request;

/**
 * Says which requests would make one group too many: Kafka keeps members and offsets of each in memory, for days, and has
 * no setting for how many there may be. Groups that are there go on working.
 */
final class BoundedGroups implements Function<Request, ApiException> {

    private static final int MOST_GROUPS = 256;

    /** For how long a group that somebody joins need not have been written down: longer than a session can be. */
    private static final long JOINED_NANOS = TimeUnit.MINUTES.toNanos(6);
    /** The same of one for which something is committed, unless that is refused. */
    private static final long COMMITTED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LIST_LIMIT_MS = 1_000;

    private final GroupCoordinator coordinator;

    /** Those that there are, with until when each may be none yet that Kafka lists. */
    private final Map<String, Long> groups = new HashMap<>();
    private long listedAt = System.nanoTime() - LOOK_AGAIN_NANOS;

    BoundedGroups(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiException apply(Request request) {
        return switch (request.header().apiKey()) {
            case JOIN_GROUP -> begin(request, request.body(JoinGroupRequest.class).data().groupId(), JOINED_NANOS);
            case OFFSET_COMMIT ->
                    begin(request, request.body(OffsetCommitRequest.class).data().groupId(), COMMITTED_NANOS);
            case TXN_OFFSET_COMMIT ->
                    begin(request, request.body(TxnOffsetCommitRequest.class).data().groupId(), COMMITTED_NANOS);
            case CONSUMER_GROUP_HEARTBEAT ->
                    begin(request, request.body(ConsumerGroupHeartbeatRequest.class).data().groupId(), JOINED_NANOS);
            case SHARE_GROUP_HEARTBEAT ->
                    begin(request, request.body(ShareGroupHeartbeatRequest.class).data().groupId(), JOINED_NANOS);
            case STREAMS_GROUP_HEARTBEAT ->
                    begin(request, request.body(StreamsGroupHeartbeatRequest.class).data().groupId(), JOINED_NANOS);
            case ALTER_SHARE_GROUP_OFFSETS ->
                    begin(request, request.body(AlterShareGroupOffsetsRequest.class).data().groupId(), COMMITTED_NANOS);
            // Kafka asks itself for these when there is the group, and would carry them out also without one.
            case INITIALIZE_SHARE_GROUP_STATE ->
                    require(request, request.body(InitializeShareGroupStateRequest.class).data().groupId());
            case WRITE_SHARE_GROUP_STATE ->
                    require(request, request.body(WriteShareGroupStateRequest.class).data().groupId());
            case DELETE_GROUPS -> {
                expectFewer();
                yield null;
            }
            default -> null;
        };
    }

    private synchronized ApiException begin(Request request, String group, long youngNanos) {
        if (groups.containsKey(group)) {
            return null;
        }
        if (groups.size() >= MOST_GROUPS || groups.isEmpty()) {
            list(request);
        }
        if (groups.size() >= MOST_GROUPS && !groups.containsKey(group)) {
            return new PolicyViolationException("There are " + MOST_GROUPS
                    + " groups: no further ones can be made until some are deleted (kafka-consumer-groups.sh --delete)");
        }
        groups.put(group, System.nanoTime() + youngNanos);
        return null;
    }

    private synchronized ApiException require(Request request, String group) {
        if (!groups.containsKey(group)) {
            list(request);
        }
        return groups.containsKey(group) ? null : new PolicyViolationException("There is no such group");
    }

    private void list(Request request) {
        long now = System.nanoTime();
        if (now - listedAt < LOOK_AGAIN_NANOS) {
            return;
        }
        listedAt = now;
        ListGroupsResponseData listed = coordinator.listGroups(request.context(), new ListGroupsRequestData())
                .completeOnTimeout(new ListGroupsResponseData().setErrorCode(Errors.REQUEST_TIMED_OUT.code()),
                        LIST_LIMIT_MS, TimeUnit.MILLISECONDS)
                .join();
        if (listed.errorCode() == Errors.NONE.code()) {
            groups.values().removeIf(until -> now - until > 0);
            listed.groups().forEach(group -> groups.put(group.groupId(), now));
        }
    }

    /** Those that are still there are found again. */
    private synchronized void expectFewer() {
        groups.replaceAll((group, until) -> System.nanoTime() - 1);
    }
}
