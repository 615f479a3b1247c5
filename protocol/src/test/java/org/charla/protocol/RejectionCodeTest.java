package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RejectionCodeTest {

    private static final Path HOME = Path.of(System.getProperty("charla.home"));

    @Test
    void isNamedInReadmeInItsOrderAndInTheContract() throws IOException {
        String[] codes = Arrays.stream(RejectionCode.values()).map(RejectionCode::name).toArray(String[]::new);
        String readme = Files.readString(HOME.resolve("README.md"));
        String list = readme.substring(
                readme.indexOf("the first rule that fails names it"), readme.indexOf("([the rules]"));

        assertThat(Pattern.compile("[A-Z_]{5,}").matcher(list).results().map(MatchResult::group))
                .containsExactly(codes);
        assertThat(Files.readString(HOME.resolve("docs/contract.md")))
                .contains(Arrays.stream(codes).map(code -> '`' + code + '`').toList());
    }
}
