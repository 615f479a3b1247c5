package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.charla.streams.ClusterPermissions;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.Test;

/** What the images of docker-compose.yml are built from, without building them. */
class ImagesTest {

    private static final Pattern MODULE = Pattern.compile("<module>([^/<]+)[^<]*</module>");

    @Test
    void areBuiltFromEachModule() throws Exception {
        List<String> modules = MODULE.matcher(Files.readString(Checkout.HOME.resolve("pom.xml"))).results()
                .map((MatchResult module) -> "!" + module.group(1)).distinct().toList();
        assertThat(modules).isNotEmpty();
        assertThat(Files.readAllLines(Checkout.HOME.resolve(".dockerignore"))).containsAll(modules);
    }

    /** {@link ClosedClusterIT} tries these. */
    @Test
    void bringThePermissionsThatAreTestedToAClosedCluster() throws Exception {
        assertThat(Files.readString(Checkout.HOME.resolve("docker-compose.secure.yml"))).contains(
                ClusterPermissions.class.getName() + ", /run/charla/admin.properties, /etc/charla/permissions",
                "\"./" + Checkout.HOME.relativize(ClosedCluster.PERMISSIONS) + ":/etc/charla/permissions:ro\"");
    }
}
