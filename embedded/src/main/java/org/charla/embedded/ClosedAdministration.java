package org.charla.embedded;

import java.util.Collection;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.network.Request;

/**
 * Says which requests only an administrator of a cluster has a use for: on one machine, where everybody may do everything,
 * they are ways to stop all others for good. Topics are everybody's, but for those in which Kafka keeps what it knows.
 */
final class ClosedAdministration implements Function<Request, ApiException> {

    private final Function<Uuid, String> topicNames;

    /** @param topicNames the name of a topic for its id; null where there is none */
    ClosedAdministration(Function<Uuid, String> topicNames) {
        this.topicNames = topicNames;
    }

    @Override
    public ApiException apply(Request request) {
        boolean isClosed = switch (request.header().apiKey()) {
            case ALTER_CLIENT_QUOTAS, ALTER_USER_SCRAM_CREDENTIALS, UPDATE_FEATURES, UNREGISTER_BROKER,
                    ALTER_PARTITION_REASSIGNMENTS, ALTER_REPLICA_LOG_DIRS, ADD_RAFT_VOTER, REMOVE_RAFT_VOTER -> true;
            case ALTER_CONFIGS -> request.body(AlterConfigsRequest.class).configs().keySet().stream()
                    .anyMatch(ClosedAdministration::isClosed);
            case INCREMENTAL_ALTER_CONFIGS -> request.body(IncrementalAlterConfigsRequest.class).data().resources().stream()
                    .anyMatch(resource -> isClosed(new ConfigResource(
                            ConfigResource.Type.forId(resource.resourceType()), resource.resourceName())));
            case CREATE_PARTITIONS -> request.body(CreatePartitionsRequest.class).data().topics().stream()
                    .anyMatch(topic -> Topic.isInternal(topic.name()));
            case DELETE_TOPICS -> {
                DeleteTopicsRequest delete = request.body(DeleteTopicsRequest.class);
                yield anyInternal(delete.topicNames()) || delete.topicIds().stream().map(topicNames)
                        .anyMatch(name -> name != null && Topic.isInternal(name));
            }
            // Kafka takes them from clients of this one name.
            case PRODUCE -> request.body(ProduceRequest.class).data().topicData().stream()
                    .map(topic -> topic.name().isEmpty() ? topicNames.apply(topic.topicId()) : topic.name())
                    .anyMatch(name -> name != null && Topic.isInternal(name));
            default -> false;
        };
        return isClosed ? new ClusterAuthorizationException("Nobody may do that to the Kafka of one machine") : null;
    }

    private static boolean anyInternal(Collection<String> topics) {
        return topics.stream().anyMatch(name -> name != null && Topic.isInternal(name));
    }

    private static boolean isClosed(ConfigResource resource) {
        return resource.type() != ConfigResource.Type.TOPIC || Topic.isInternal(resource.name());
    }
}
