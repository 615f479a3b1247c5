package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkClientTest {

    @ParameterizedTest
    @ValueSource(strings = {"mongodb://h1,h2", "mongodb://u:p@h1/", "mongodb://h1/admin", "mongodb://h1/?appName=x"})
    void waitsNoLongerAndIsSurerThanTheDriverUnlessItIsTold(String uri) {
        MongoClientSettings settings = settings(uri);
        assertThat(settings.getClusterSettings().getServerSelectionTimeout(TimeUnit.SECONDS)).isEqualTo(5);
        assertThat(settings.getSocketSettings().getReadTimeout(TimeUnit.SECONDS)).isEqualTo(30);
        assertThat(settings.getWriteConcern()).isEqualTo(WriteConcern.MAJORITY.withJournal(true));
    }

    @Test
    void whatTheUriSaysHolds() {
        MongoClientSettings settings =
                settings("mongodb://h1/?serverSelectionTimeoutMS=70&socketTimeoutMS=80&w=1&appName=x");
        assertThat(settings.getClusterSettings().getServerSelectionTimeout(TimeUnit.MILLISECONDS)).isEqualTo(70);
        assertThat(settings.getSocketSettings().getReadTimeout(TimeUnit.MILLISECONDS)).isEqualTo(80);
        assertThat(settings.getWriteConcern()).isEqualTo(WriteConcern.W1);
        assertThat(settings.getApplicationName()).isEqualTo("x");
        assertThat(settings("mongodb://h1/?timeoutMS=90").getSocketSettings().getReadTimeout(TimeUnit.MILLISECONDS))
                .isZero();
    }

    private static MongoClientSettings settings(String uri) {
        return SinkClient.settings(Settings.channels("connection.uri", uri));
    }
}
