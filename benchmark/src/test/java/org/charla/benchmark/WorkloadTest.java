package org.charla.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.charla.benchmark.Workload.Fate;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {

    private static final long EVENTS = 20_000;

    @Test
    void eachEventsFateIsWhatTheRulesSay() {
        assertFates(Workload.synthetic(7));
    }

    @Test
    void eachEventsFateIsWhatTheRulesSayAlsoOfOtherNumbersOfUsers() {
        assertFates(Workload.synthetic(7).withUsers(3_210));
    }

    private static void assertFates(Workload workload) {
        int messages = 0;
        int profiles = 0;
        Set<String> ids = new HashSet<>();
        Set<Fate> fates = new HashSet<>();
        for (long i = 0; i < EVENTS; i++) {
            Judgement judgement = EventRules.judge(workload.key(i), workload.value(i), System.currentTimeMillis());
            Fate expected;
            if (judgement instanceof Judgement.Accepted accepted) {
                RawEvent event = accepted.event();
                boolean isNew = ids.add(ChannelRecord.id(event.userId(), event.messageId()));
                expected = !isNew ? Fate.DUPLICATE
                        : event.type() == RawEvent.Type.PROFILE ? Fate.PROFILE : Fate.MESSAGE;
            } else {
                assertThat(((Judgement.Rejected) judgement).code()).isEqualTo(RejectionCode.EMPTY_TEXT);
                expected = Fate.REJECTED;
            }
            assertThat(workload.fate(i)).as("event %d", i).isEqualTo(expected);
            fates.add(expected);
            messages += expected == Fate.MESSAGE ? 1 : 0;
            profiles += expected == Fate.PROFILE ? 1 : 0;
        }
        assertThat(fates).containsExactlyInAnyOrder(Fate.values());
        assertThat(workload.messages(EVENTS)).isEqualTo(messages);
        assertThat(workload.users()).isEqualTo(profiles);
    }

    @Test
    void anEventIsTheSameBytesEachTime() {
        for (long i = 0; i < EVENTS; i += 777) {
            assertThat(Workload.synthetic(5).value(i)).isEqualTo(Workload.synthetic(5).value(i));
        }
    }

    @Test
    void aTranscriptHasAsManyMessagesInTheOrderOfTheEvents(@TempDir Path folder) throws Exception {
        Workload workload = Workload.synthetic(3);
        Path file = folder.resolve("t.jsonl");
        workload.writeTranscript(file, 300);
        List<String> expected = LongStream.range(0, EVENTS).filter(i -> workload.fate(i) == Fate.MESSAGE).limit(300)
                .mapToObj(i -> (RawEvent.Message) ((Judgement.Accepted)
                        EventRules.judge(workload.key(i), workload.value(i), System.currentTimeMillis())).event())
                .map(message -> String.format("{\"channel\":\"%s\",\"nick\":\"%s\",\"sentAt\":\"%s\",\"text\":\"%s\"}",
                        message.channel(), message.userId(), Instant.ofEpochMilli(message.sentAt()), message.text()))
                .toList();
        assertThat(file).content().isEqualTo(String.join("\n", expected) + "\n");
    }

    @Test
    void textsOfATranscriptAreThoseThatTheRulesTake(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("t.jsonl"), List.of(
                "{\"channel\":\"c\",\"nick\":\"n\",\"sentAt\":\"2007-09-14T10:24:21Z\",\"text\":\"eins\"}",
                "{\"channel\":\"c\",\"nick\":\"n\",\"sentAt\":\"2007-09-14T10:24:22Z\",\"text\":\"  \"}"));
        Workload workload = Workload.ofTranscript(file, 3);
        for (long i = Workload.USERS; i < Workload.USERS + 150; i++) {
            if (workload.fate(i) == Fate.MESSAGE) {
                assertThat(new String(workload.value(i), UTF_8)).contains("\"eins\"");
            }
        }
    }
}
