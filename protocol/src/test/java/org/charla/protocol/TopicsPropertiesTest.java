package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.internals.Topic;

class TopicsPropertiesTest {

    @Property
    void theChannelOfAChannelsTopicIsThatChannel(@ForAll("channels") String channel) {
        assertThat(Topics.channelOf(Topics.ofChannel(channel))).contains(channel);
    }

    @Property
    void theTopicOfATopicsChannelIsThatTopic(@ForAll("channels") String name, @ForAll String any) {
        for (String topic : new String[] {"chat.channel." + name, "chat.channel." + any, any}) {
            Topics.channelOf(topic).ifPresent(channel -> assertThat(Topics.ofChannel(channel)).isEqualTo(topic));
        }
    }

    @Property
    void kafkaTakesTheTopicOfAnyChannel(@ForAll("channels") String channel) {
        Topic.validate(Topics.ofChannel(channel));
    }

    @Provide
    Arbitrary<String> channels() {
        return TextArbitraries.channels();
    }
}
