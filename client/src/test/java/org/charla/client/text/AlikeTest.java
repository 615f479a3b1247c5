package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlikeTest {

    @Test
    void takesTextsForTheSameThatReadTheSame() {
        assertThat(Alike.folded("Jose\u0301")).isEqualTo(Alike.folded("JOSÉ")).isNotEqualTo(Alike.folded("jose"));
        assertThat(Alike.folded("Straße ﬁ Ａ")).isEqualTo("strasse fi a");
    }

    @Test
    void looksAwayFromAccentsWhereItMay() {
        assertThat(Alike.withoutAccents("Zoë")).isEqualTo("zoe").isEqualTo(Alike.withoutAccents("zoe\u0308"));
    }
}
