package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterPermissionsTest {

    @TempDir
    private Path folder;

    @Test
    void readsTheFileOfTheCheckout() {
        assertThatCode(() -> ClusterPermissions.read(Checkout.HOME.resolve("config/secure/permissions")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "client WRITE topic;it must be PRINCIPAL OPERATION,…",
        "client WRITE topic chat.raw chat.users;it must be PRINCIPAL",
        "client SCRIBBLE topic chat.raw;SCRIBBLE is nothing that Kafka knows",
        "client READ,ANY topic chat.raw;ANY is nothing that Kafka knows",
        "client READ, topic chat.raw; is nothing that Kafka knows",
        "client READ queue chat.raw;queue is nothing that Kafka knows"})
    void namesTheLineThatIsNone(String line, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("permissions"), "# two lines\n\n" + line + "\n");

        assertThatThrownBy(() -> ClusterPermissions.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ", line 3: ").hasMessageContaining(why);
    }
}
