package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoNamespace;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkCollectionsTest {

    private static final MongoNamespace NAMESPACE = new MongoNamespace("chat", "general");

    private final MemoryCollection mongodb = new MemoryCollection();
    private final List<String> asked = new ArrayList<>();
    private final SinkCollections collections = new SinkCollections(client());
    private final MongoSinkTopicConfig topic = Settings.channels().getMongoSinkTopicConfig(Settings.CHANNEL);

    @Test
    void theCollectionIsTheOneOfTheNamespace() {
        collections.get(NAMESPACE, topic);
        assertThat(asked).containsExactly("chat", "general");
    }

    @Test
    void theIndexThatAStrategyNeedsIsMadeOnceForEachCollection() {
        collections.get(NAMESPACE, topic);
        collections.get(NAMESPACE, topic);
        assertThat(mongodb.indexes).containsExactly(Indexes.ascending("offset"));
        collections.get(new MongoNamespace("chat", "other"), topic);
        assertThat(mongodb.indexes).hasSize(2);
    }

    @Test
    void aStrategyThatNeedsNoneGetsNone() {
        collections.get(NAMESPACE, Settings.users().getMongoSinkTopicConfig(Settings.USERS));
        assertThat(mongodb.indexes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {85, 86})
    void anIndexThatSomebodyMadeOtherwiseServesAsWell(int code) {
        mongodb.indexError = new MongoCommandException(MemoryCollection.answer(code, "conflict"), new ServerAddress());
        assertThat(collections.get(NAMESPACE, topic)).isNotNull();
        collections.get(NAMESPACE, topic);
        assertThat(mongodb.indexes).hasSize(1);
    }

    @Test
    void whatFailsIsTriedAgainTheNextTime() {
        mongodb.indexError = new MongoTimeoutException("no server");
        assertThatThrownBy(() -> collections.get(NAMESPACE, topic)).isSameAs(mongodb.indexError);
        mongodb.indexError = new MongoCommandException(MemoryCollection.answer(13, "no"), new ServerAddress());
        assertThatThrownBy(() -> collections.get(NAMESPACE, topic)).isSameAs(mongodb.indexError);
        mongodb.indexError = null;
        collections.get(NAMESPACE, topic);
        assertThat(mongodb.indexes).hasSize(3);
    }

    private MongoClient client() {
        MongoDatabase database = (MongoDatabase) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {MongoDatabase.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getCollection");
                    asked.add((String) arguments[0]);
                    return mongodb.collection();
                });
        return (MongoClient) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {MongoClient.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getDatabase");
                    asked.add((String) arguments[0]);
                    return database;
                });
    }
}
