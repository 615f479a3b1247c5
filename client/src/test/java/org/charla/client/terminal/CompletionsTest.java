package org.charla.client.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.charla.protocol.Emoji;
import org.junit.jupiter.api.Test;

class CompletionsTest {

    private final Completions completions = new Completions(List.of("/join", "/help", "/history"),
            List.of("general", "gente"), List.of("Zoë", "bob", "Zora"));

    @Test
    void completesCommandsWhereALineBegins() {
        assertThat(completions.of("/h", List.of())).containsExactly("/help", "/history");
        assertThat(completions.of("/h", List.of("a"))).isEmpty();
    }

    @Test
    void completesChannelsBehindJoin() {
        assertThat(completions.of("ge", List.of("/join"))).containsExactly("general", "gente");
        assertThat(completions.of("#gen", List.of("/join"))).containsExactly("#general", "#gente");
    }

    @Test
    void completesNamesWithoutTheirAccentsAndCapitals() {
        assertThat(completions.of("zoe", List.of())).containsExactly("Zoë:");
        assertThat(completions.of("ZOE\u0308", List.of("hi"))).containsExactly("Zoë");
        assertThat(completions.of("zo", List.of("hi"))).containsExactly("Zoë", "Zora");
    }

    @Test
    void completesNamesBehindTheirSign() {
        assertThat(completions.of("@Zo", List.of())).containsExactly("@Zoë", "@Zora");
        assertThat(completions.of("@", List.of("hi"))).containsExactly("@Zoë", "@bob", "@Zora");
    }

    @Test
    void offersWhatCommandsTake() {
        assertThat(completions.of("", List.of("/react"))).contains("👍", "🎉").allMatch(Emoji::isOne);
        assertThat(completions.of("", List.of("/react", "👍"))).contains("🎉");
        assertThat(completions.of("m", List.of("/posting"))).containsExactly("moderators");
        assertThat(completions.of("o", List.of("/slow"))).containsExactly("off");
        assertThat(completions.of("zo", List.of("/mute"))).containsExactly("Zoë", "Zora");
    }

    @Test
    void offersNothingForNothing() {
        assertThat(completions.of("", List.of("hi"))).isEmpty();
    }
}
