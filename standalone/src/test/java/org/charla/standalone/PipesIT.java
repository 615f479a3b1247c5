package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.charla.standalone.StandaloneProcess.Ended;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands between other programs, as a script has them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipesIT {

    private StandaloneProcess standalone;
    private int channels;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        standalone = new StandaloneProcess(directory).start().awaitReady();
        standalone.shell("seq 2000 | $charla send general --wait").requireStatus(0);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(standalone.shell("$charla history general -n 1").out()).singleElement().asString()
                        .endsWith("<ada> 2000"));
    }

    @AfterAll
    void kill() throws InterruptedException {
        standalone.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"history general -n 2000", "history general -n 2000 --json", "tail general -n 2000",
        "users", "channels", "--help", "send --help"})
    void endsQuietlyWhenNobodyReadsOn(String command) throws Exception {
        Ended ended = standalone.shell("{ $charla " + command + "; echo status $? >&2; } | head -n 1");

        assertThat(ended.out()).hasSize(1);
        assertThat(ended.err()).containsExactly("status 0");
    }

    /** More at once than any person sends, whom the flood limit is for. */
    @Test
    void importsAllOfATranscriptOfOneNickThoughAFloodLimitHoldsForEachUser() throws Exception {
        Ended ended = standalone.shell("""
                for n in {1..24000}; do
                    echo '{"channel":"imported","nick":"bot","sentAt":"2007-09-14T10:24:21Z","text":"'$n'"}'
                done | $charla import -""");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).singleElement().asString().startsWith("sent 24000, duplicates skipped 0, users made 1, lines refused 0");
    }

    @Test
    void sendsALineWhenItArrivesAndSaysSoAtOnce() throws Exception {
        Ended ended = standalone.shell("""
                coproc $charla send slow --json
                for text in one two; do
                    echo $text >&${COPROC[1]}
                    read -t 20 -u ${COPROC[0]} answer && echo "$text: $answer"
                done""");

        assertThat(ended.out()).hasSize(2);
        assertThat(ended.out().get(0)).startsWith("one: {\"messageId\":");
        assertThat(ended.out().get(1)).startsWith("two: {\"messageId\":");
    }

    @Test
    void endsTheTailAtTheFirstLineThatNobodyReads() throws Exception {
        Ended ended = standalone.shell("""
                $charla tail closed -n 0 > >(head -n 1) & tail=$!
                for i in {1..40}; do
                    kill -0 $tail 2>/dev/null || break
                    $charla send closed hola
                done
                wait $tail; echo status $?""");

        assertThat(ended.out()).hasSize(2).element(0).asString().endsWith("<ada> hola");
        assertThat(ended.out()).element(1).isEqualTo("status 0");
        assertThat(ended.err()).allMatch(line -> line.contains("has no topic yet"));
    }

    @Test
    void writesNothingThatActsOnATerminal() throws Exception {
        standalone.shell("$charla send styled $'\\e[31mred' --wait").requireStatus(0);

        Ended ended = standalone.shell(
                "until $charla history styled | grep .; do :; done; $charla --help; $charla nonsense");
        assertThat(ended.out()).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
        assertThat(ended.err()).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LC_ALL=es_XX.UTF-8", "LC_ALL= LC_CTYPE=C.UTF-8 LANG=es_XX",
        "LC_ALL= LC_CTYPE=es_XX.UTF-8 LANG=C.UTF-8", "LC_ALL= LC_CTYPE= LANG="})
    void takesAndShowsUtf8WhateverTheLocaleAndThoughItIsNotInstalled(String locale) throws Exception {
        String channel = "utf8-" + ++channels;
        Ended ended = standalone.shell("export " + locale + "; mkdir -p $folder/ñ && : > $folder/ñ/ñ"
                + " && $charla --user bób send " + channel + " ñandú 😀 --wait --config $folder/ñ/ñ"
                + " && until $charla history " + channel + " | grep .; do :; done");

        assertThat(ended.out()).as(ended::toString).singleElement().asString().endsWith("<bób> ñandú 😀");
    }

    @Test
    void refusesArgumentsThatAreNotInUtf8AndTakesTheSignOfThat() throws Exception {
        for (String command : List.of("$charla --user bob send latin $'b\\xf3b'", "$charla --user $'b\\xf3b' users",
                "CHARLA_USER=$'b\\xf3b' $charla users")) {
            Ended ended = standalone.shell("export LC_ALL=C.UTF-8; " + command).requireStatus(2);
            assertThat(ended.err()).first().asString().contains("not in UTF-8");
        }
        standalone.shell("LC_ALL=C.UTF-8 $charla --user bob send latin \uFFFD").requireStatus(0);
    }

    @Test
    void speaksTheLanguageOfALocaleThatIsNotInstalled() throws Exception {
        assertThat(standalone.shell("LC_ALL=es_XX.UTF-8 $charla --help").out()).contains("Ejemplos:");
    }

    @Test
    void takesNoOtherFileForAClosedInput() throws Exception {
        assertThat(standalone.shell("$charla send general --json <&-")).isEqualTo(new Ended(0, List.of(), List.of()));
    }

    @Test
    void saysThatAClosedOutputIsAFailure() throws Exception {
        standalone.shell("$charla history general >&-").requireStatus(1);
        standalone.shell("$charla send general hola 2>&-").requireStatus(0);
    }

    @Test
    void keepsItsStatusWhenNobodyReadsTheErrors() throws Exception {
        assertThat(standalone.shell("{ $charla history ../x; echo $?; } 2> >(:)").out()).containsExactly("2");
        assertThat(standalone.shell("{ $charla send ../x hola; echo $?; } 2> >(:)").out()).containsExactly("1");
    }
}
