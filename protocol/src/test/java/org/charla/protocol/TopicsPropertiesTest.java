package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

class TopicsPropertiesTest {

    @Test
    void theChannelOfAChannelsTopicIsThatChannel() {
        qt().forAll(Generators.channels()).checkAssert(channel ->
                assertThat(Topics.channelOf(Topics.ofChannel(channel))).contains(channel));
    }

    @Test
    void theTopicOfATopicsChannelIsThatTopic() {
        qt().forAll(Generators.channels(), Generators.strings(255)).checkAssert((name, any) -> {
            for (String topic : new String[] {"chat.channel." + name, "chat.channel." + any, any}) {
                Topics.channelOf(topic).ifPresent(channel -> assertThat(Topics.ofChannel(channel)).isEqualTo(topic));
            }
        });
    }

    @Test
    void kafkaTakesTheTopicOfAnyChannel() {
        qt().forAll(Generators.channels()).checkAssert(channel -> Topic.validate(Topics.ofChannel(channel)));
    }
}
