package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorFileTest {

    @TempDir
    Path folder;

    @Test
    void readsScalarsAsTheStringsThatAWorkerKeeps() throws IOException {
        write("my sink.json", "{\"connector.class\":\"A\",\"n\":2,\"d\":1.50,\"b\":true,\"name\":\"my sink\"}");
        ConnectorFile file = ConnectorFile.readAll(List.of(folder)).get(0);
        assertThat(file.name()).isEqualTo("my sink");
        assertThat(file.config()).isEqualTo(Map.of("connector.class", "A", "n", "2", "d", "1.50", "b", "true"));
    }

    @Test
    void overlooksAByteOrderMark() throws IOException {
        write("sink.json", "\uFEFF{\"connector.class\":\"A\"}");
        assertThat(ConnectorFile.readAll(List.of(folder)).get(0).config()).isEqualTo(Map.of("connector.class", "A"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b.json", "ñandú.json", "#1? a+b&c=d;e\"f.json", "my.sink.json", "-x.json"})
    void takesTheNameOfTheFileWhateverFolderItLiesIn(String name) throws IOException {
        Path odd = Files.createDirectory(folder.resolve("100% of ñ, ${x}: \\ #1"));
        Path file = Files.writeString(odd.resolve(name), "{\"connector.class\":\"A\"}");
        for (Path path : List.of(odd, file)) {
            assertThat(ConnectorFile.readAll(List.of(path))).extracting(ConnectorFile::name)
                    .containsExactly(name.substring(0, name.length() - ".json".length()));
        }
    }

    @Test
    void readsAPipeThatSaysWhichConnectorItDeclares() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        for (String content : List.of("\uFEFF{\"name\":\"a b\",\"connector.class\":\"A\"}",
                "{\"connector.class\":\"A\"}")) {
            CompletableFuture<Path> writing = CompletableFuture.supplyAsync(() -> {
                try {
                    return Files.writeString(pipe, content);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            if (content.contains("name")) {
                assertThat(ConnectorFile.readAll(List.of(pipe))).extracting(ConnectorFile::name)
                        .containsExactly("a b");
            } else {
                assertRefused(pipe, "or have the setting name");
            }
            writing.get();
        }
    }

    @Test
    void doesNotReadForEver() {
        assertRefused(Path.of("/dev/zero"), "has more than 1 MiB");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "`` | must hold one JSON object",
        "[] | must hold one JSON object",
        "{\"connector.class\":\"A\"} {} | nothing behind it",
        "{\"connector.class\":\"A\",\"x\":hunter2} | is no JSON: see line 1, column",
        "{\"connector.class\":\"A\" | is no JSON: see line 1",
        "{\"x\":1,\"x\":2} | a setting stands for the second time",
        "{\"connector.class\":\"A\",\"x\":null} | line 1: the setting x must be a string",
        "{\"connector.class\":\"A\",\"x\":[1]} | line 1: the setting x must be a string",
        "{\"name\":\"sink\",\"config\":{}} | wraps the settings in \"config\"",
        "{\"connector.class\":\"A\",\"name\":\"other\"} | declares the connector other",
        "{\"x\":\"y\"} | has no setting connector.class",
    })
    void refusesInOneLineWhatIsNoDeclaration(String content, String reason) throws IOException {
        Path file = write("sink.json", content);
        assertThatThrownBy(() -> ConnectorFile.readAll(List.of(file))).isInstanceOf(DeployException.class)
                .message().contains(file.toString(), reason).doesNotContain("hunter2").hasLineCount(1);
    }

    @Test
    void refusesFilesThatCanNotBe() throws IOException {
        assertRefused(folder.resolve("none.json"), "there is no file or folder");
        assertRefused(folder, "holds no connector");
        assertRefused(write("100%.json", "{}"), "must be called otherwise");
        assertRefused(write("sink.yaml", "{}"), "must be called NAME.json");
        assertRefused(Files.write(folder.resolve("latin.json"), "{\"ñ\":1}".getBytes(StandardCharsets.ISO_8859_1)),
                "not in UTF-8");
    }

    @Test
    void refusesTwoFilesOfOneName() throws IOException {
        Files.createDirectory(folder.resolve("other"));
        Path one = write("sink.json", "{\"connector.class\":\"A\"}");
        Path two = write("other/sink.json", "{\"connector.class\":\"A\"}");
        assertThatThrownBy(() -> ConnectorFile.readAll(List.of(one, two)))
                .hasMessageContainingAll("two files declare the connector sink", one.toString(), two.toString());
    }

    private static void assertRefused(Path path, String reason) {
        assertThatThrownBy(() -> ConnectorFile.readAll(List.of(path))).isInstanceOf(DeployException.class)
                .hasMessageContaining(reason);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
