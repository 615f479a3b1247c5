package org.charla.client.terminal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.Proxy;
import java.time.ZoneOffset;
import java.util.Locale;
import org.charla.client.chat.Conversation;
import org.charla.client.chat.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChatTerminalTest {

    @Test
    @Timeout(60)
    void failsWhereTheConversationEndsByAnErrorOfTheMachine() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PipedOutputStream typed = new PipedOutputStream();
                ChatTerminal terminal = ChatTerminal.open(new Phrases(Locale.ENGLISH), ZoneOffset.UTC, false,
                        new Console(new PipedInputStream(typed), out, out, false, false, false))) {
            Servers none = (Servers) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Servers.class}, (proxy, method, arguments) -> null);
            terminal.execute(() -> {
                throw new OutOfMemoryError("all of it");
            });

            assertThatThrownBy(() -> terminal.converse(view -> new Conversation(
                    "ana", "Ana", false, none, view, () -> "id", System::currentTimeMillis), conversation -> { }))
                    .hasMessageContaining("all of it");
        }
    }
}
