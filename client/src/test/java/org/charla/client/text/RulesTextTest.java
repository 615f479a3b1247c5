package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.charla.protocol.ChannelRules;
import org.junit.jupiter.api.Test;

class RulesTextTest {

    @Test
    void saysWhatHoldsAndWhoIsMutedNow() {
        ChannelRules rules = new ChannelRules("general", "All\nof it", Optional.of("a<da"), List.of("bob", "carol"),
                ChannelRules.Posting.MODERATORS, 30, List.of(new ChannelRules.Mute("eve", OptionalLong.of(60_000)),
                        new ChannelRules.Mute("gone", OptionalLong.of(5)), new ChannelRules.Mute("mal", OptionalLong.empty())), 5);

        assertThat(RulesText.of(rules, 5, ZoneOffset.UTC)).containsExactly(
                "channel     general", "title       All␊of it", "owner       a‹da", "moderators  bob, carol",
                "posting     moderators", "slow-mode   30 s", "muted       eve until 1970-01-01 00:01:00", "muted       mal");
    }

    @Test
    void saysWhereNothingWasRuled() {
        assertThat(RulesText.of(ChannelRules.none("general"), 5, ZoneOffset.UTC)).containsExactly("channel     general",
                "title       none", "owner       nobody", "moderators  none", "posting     everyone", "slow-mode   none");
    }
}
