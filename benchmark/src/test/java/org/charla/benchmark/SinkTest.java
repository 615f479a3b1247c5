package org.charla.benchmark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/** What a way to MongoDB did wrong is found. */
class SinkTest {

    private static final BsonDocument FIRST = Sink.document(0, 5);
    private static final BsonDocument SECOND = Sink.document(1, 6);

    @Test
    void findsNothingWrongWithWhatIsRight() {
        assertThatCode(() -> compare(FIRST.clone(), SECOND.clone())).doesNotThrowAnyException();
    }

    @Test
    void findsAMessageThatIsLost() {
        assertThatThrownBy(() -> compare(FIRST)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is null for " + SECOND);
    }

    @Test
    void findsAMessageThatIsRepeated() {
        assertThatThrownBy(() -> compare(FIRST, SECOND, SECOND)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is " + SECOND + " for null");
    }

    @Test
    void findsMessagesOutOfOrder() {
        assertThatThrownBy(() -> compare(SECOND, FIRST)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void findsAFieldThatIsOfAnotherTypeOrMissing() {
        assertThatThrownBy(() -> compare(FIRST, SECOND.clone().append("sentAt", new BsonString("2025"))))
                .isInstanceOf(IllegalStateException.class);
        BsonDocument less = SECOND.clone();
        less.remove("author");
        assertThatThrownBy(() -> compare(FIRST, less)).isInstanceOf(IllegalStateException.class);
    }

    private static void compare(BsonDocument... found) {
        Sink.requireSame("a channel", List.of(found).iterator(), List.of(FIRST, SECOND).iterator());
    }
}
