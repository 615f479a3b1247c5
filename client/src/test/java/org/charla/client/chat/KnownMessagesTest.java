package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.junit.jupiter.api.Test;

class KnownMessagesTest {

    private static final Author BOB = new Author("bob", "Bob");
    private static final String LONG = "😀".repeat(3_990);

    private final KnownMessages known = new KnownMessages();

    @Test
    void keepsOfManyLongEditsTheLastOnes() {
        known.keep(message(0, "m"));
        IntStream.range(1, 200).forEach(i -> known.change(new PlacedRecord(i, new ChannelRecord.Edit(
                "e" + i, "general", BOB, "bob:m", LONG + i, i, i))));

        List<Item.Changed> kept = known.changesBesides(List.of(), 0);
        assertThat(kept).hasSizeBetween(1, 20);
        assertThat(kept.get(kept.size() - 1).position()).isEqualTo(199);
        assertThat(known.find("bob:m").orElseThrow().message().text()).isEqualTo(LONG + 199);
    }

    @Test
    void keepsOfManyShortMessagesThatBecameLongTheLastOnes() {
        IntStream.range(0, 100).forEach(i -> known.keep(new PlacedMessage(
                i, new ChannelMessage("m" + i, "general", BOB, "short", i, i))));
        IntStream.range(0, 100).forEach(i -> known.change(new PlacedRecord(100 + i, new ChannelRecord.Edit(
                "e" + i, "general", BOB, "bob:m" + i, LONG, i, i))));

        assertThat(known.all().keySet()).hasSizeBetween(5, 20).endsWith(99L);
    }

    @Test
    void keepsOfManyLongMessagesThatWereAnsweredTheLastOnes() {
        IntStream.range(0, 200).forEach(i -> known.quote(List.of(message(i, "m" + i))));

        assertThat(IntStream.range(0, 200).filter(i -> known.find("bob:m" + i).isPresent()).toArray())
                .hasSizeBetween(10, 100).endsWith(199).isSorted();
        IntStream.range(0, 2_000).forEach(i -> known.quote(List.of(new PlacedMessage(
                i, new ChannelMessage("s" + i, "general", BOB, "short", i, i)))));
        assertThat(IntStream.range(0, 2_000).filter(i -> known.find("bob:s" + i).isPresent())).hasSize(1_000);
    }

    private static PlacedMessage message(long position, String id) {
        return new PlacedMessage(position, new ChannelMessage(id, "general", BOB, LONG + position, position, position));
    }
}
