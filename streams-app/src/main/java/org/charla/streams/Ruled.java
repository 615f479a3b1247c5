package org.charla.streams;

import java.util.Optional;
import org.charla.protocol.ChannelRules;

/**
 * What the channels' judge decided.
 *
 * @param judged the event that it was asked about
 * @param rules what holds in the channel from now on; empty where the event was rejected
 */
record Ruled(Judged judged, Optional<ChannelRules> rules) {

    /** Whether the channel's readers are told: of a rule, and not of a claim, whose message they have already. */
    boolean isRule() {
        return judged.route() == Judged.Route.RULES;
    }
}
