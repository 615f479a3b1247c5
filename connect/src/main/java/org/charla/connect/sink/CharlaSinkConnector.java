package org.charla.connect.sink;

import com.mongodb.kafka.connect.MongoSinkConnector;
import org.apache.kafka.connect.connector.Task;

/**
 * The MongoDB sink connector with tasks that outlive MongoDB's outages and set aside only the records that can't be
 * written. It takes the settings of {@link MongoSinkConnector}, two of which do not concern it: see
 * {@link CharlaSinkTask}.
 */
public final class CharlaSinkConnector extends MongoSinkConnector {

    /** The plugin's own. */
    @Override
    public String version() {
        return CharlaSinkConnector.class.getPackage().getImplementationVersion();
    }

    @Override
    public Class<? extends Task> taskClass() {
        return CharlaSinkTask.class;
    }
}
