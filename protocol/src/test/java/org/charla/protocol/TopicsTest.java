package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

    @Test
    void namesTheTopicsOfTheContract() {
        assertThat(Topics.RAW).isEqualTo("chat.raw");
        assertThat(Topics.USERS).isEqualTo("chat.users");
        assertThat(Topics.REJECTED).isEqualTo("chat.rejected");
        assertThat(Topics.SINK_DEAD_LETTERS).isEqualTo("chat.sink.dlq");
        assertThat(Topics.ofChannel("general")).isEqualTo("chat.channel.general");
    }

    @Test
    void keepsAChannelCalledUsersApartFromTheUsers() {
        assertThat(Topics.ofChannel("users")).isEqualTo("chat.channel.users").isNotEqualTo(Topics.USERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "General", "-a", "a.b", "a\n", "__consumer_offsets"})
    void makesNoTopicOfAnIllegalChannelName(String channel) {
        assertThatIllegalArgumentException().isThrownBy(() -> Topics.ofChannel(channel));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.raw", "chat.users", "chat.rejected", "chat.sink.dlq", "chat.channel.", "chat.channel",
        "chat.channel.A", "chat.channel.a.b", "Chat.channel.a", "x.chat.channel.a", "chat.channel.a\n", ""})
    void findsNoChannelInAnotherTopic(String topic) {
        assertThat(Topics.channelOf(topic)).isEmpty();
    }
}
