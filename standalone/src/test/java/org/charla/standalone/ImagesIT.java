package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the images of docker-compose.yml are filled with, without building them. */
class ImagesIT {

    @Test
    void getWhatTheBuildHasMade(@TempDir Path out) throws Exception {
        String dockerfile = Files.readString(Checkout.HOME.resolve("Dockerfile"));
        int begin = dockerfile.indexOf("mkdir -p /out/");
        // Moved it would be missed by the tests behind this one.
        String filling = dockerfile.substring(begin, dockerfile.indexOf("\n\n", begin))
                .replace("/out/", out + "/").replace("&& mv ", "&& cp ");
        Path log = out.resolve("log");
        Process shell = new ProcessBuilder("sh", "-ec", filling).directory(Checkout.HOME.toFile())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();

        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).isEmptyFile();
        assertThat(shell.exitValue()).isZero();
        for (String part : new String[] {"client", "deployer", "audit", "standalone"}) {
            assertThat(out.resolve("client/app")).isDirectoryContaining("glob:**/charla-*" + part + "*.jar");
        }
    }
}
