package org.charla.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastUsedTest {

    @TempDir
    Path home;

    @Test
    void remembersInTheHomeThatTheEnvironmentNames() {
        new LastUsed(environment("")).remember("zoë", "general", true);
        assertThat(home.resolve(".local/state/charla/last.properties")).exists();
        assertThat(new LastUsed(environment("")).user()).contains("zoë");
        assertThat(new LastUsed(environment("")).channel()).contains("general");
    }

    @Test
    void takesAFolderOfItsOwnForThatOnlyWhereItIsAbsolute() {
        new LastUsed(environment("state")).remember("zoe", "general", true);
        assertThat(new LastUsed(environment("")).user()).contains("zoe");
        assertThat(new LastUsed(environment(home.resolve("state").toString())).user()).isEmpty();
    }

    @Test
    void knowsNobodyWhereAFormerVersionWroteThatThoughNoOneHadChatted() throws IOException {
        Path file = home.resolve(".local/state/charla/last.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "user=nobody\nchannel=general\n");
        assertThat(new LastUsed(environment("")).user()).isEmpty();
        assertThat(new LastUsed(environment("")).channel()).isEmpty();
        Files.writeString(file, "user=zoe\nchannel=general\n");
        assertThat(new LastUsed(environment("")).user()).contains("zoe");

        new LastUsed(environment("")).remember("nobody", "general", true);
        assertThat(new LastUsed(environment("")).user()).contains("nobody");
    }

    @Test
    void knowsNothingFromWhatCanBeNoName() throws IOException {
        Path file = home.resolve(".local/state/charla/last.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "version=2\nuser=a b\nchannel=../x\nbell=off\n");
        LastUsed last = new LastUsed(environment(""));
        assertThat(last.user()).isEmpty();
        assertThat(last.channel()).isEmpty();
        assertThat(last.bell()).isFalse();
    }

    private Map<String, String> environment(String state) {
        return Map.of("HOME", home.toString(), "XDG_STATE_HOME", state);
    }
}
