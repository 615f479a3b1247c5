package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A declared connector: the body that {@code PUT /connectors/NAME/config} takes, in a file NAME.json; in one that is
 * called otherwise, as a pipe is, the setting {@code name} has to name it.
 *
 * @param config all settings as strings, as the worker will keep them
 */
record ConnectorFile(Path path, String name, Map<String, String> config) {

    private static final String EXTENSION = ".json";
    /** Of a file, in bytes. */
    private static final int LARGEST = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /**
     * Reads files, and all files {@code *.json} of folders.
     *
     * @return in the order given; those of a folder by name
     * @throws DeployException if one can't be read, isn't what it has to be, or two declare one connector
     */
    static List<ConnectorFile> readAll(List<Path> paths) {
        Map<String, ConnectorFile> files = new TreeMap<>();
        List<ConnectorFile> ordered = new ArrayList<>();
        for (Path path : paths) {
            for (Path file : Files.isDirectory(path) ? filesIn(path) : List.of(path)) {
                ConnectorFile read = read(file);
                ConnectorFile other = files.putIfAbsent(read.name(), read);
                if (other != null) {
                    throw new DeployException("two files declare the connector " + read.name() + ": " + other.path()
                            + " and " + file);
                }
                ordered.add(read);
            }
        }
        return Collections.unmodifiableList(ordered);
    }

    private static List<Path> filesIn(Path folder) {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(file -> file.toString().endsWith(EXTENSION)).sorted().toList();
        } catch (IOException e) {
            throw new DeployException("the folder " + folder + " can't be read");
        }
        if (files.isEmpty()) {
            throw new DeployException("the folder " + folder + " holds no connector (NAME.json)");
        }
        return files;
    }

    private static ConnectorFile read(Path path) {
        Map<String, String> config;
        try (JsonParser json = JSON.createParser(text(path))) {
            config = settings(path, json);
        } catch (NoSuchFileException e) {
            throw new DeployException("there is no file or folder " + path);
        } catch (StreamReadException e) {
            throw new DeployException(path + " is no JSON: see " + place(e) + duplicate(e));
        } catch (CharacterCodingException e) {
            throw new DeployException(path + " is not in UTF-8");
        } catch (IOException e) {
            throw new DeployException(path + " can't be read");
        }
        String name = name(path, config.remove("name"));
        if (config.getOrDefault("connector.class", "").isBlank()) {
            throw new DeployException(path + " has no setting connector.class, which every connector needs");
        }
        return new ConnectorFile(path, name, Collections.unmodifiableMap(config));
    }

    private static String text(Path path) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new DeployException(path + " declares no connector: it has more than " + (LARGEST >> 20) + " MiB");
        }
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** @param set as the setting has it, or null */
    private static String name(Path path, String set) {
        String fileName = String.valueOf(path.getFileName());
        boolean named = fileName.endsWith(EXTENSION) && !fileName.equals(EXTENSION);
        if (!named && set == null) {
            throw new DeployException(path + " must be called NAME.json, after the connector that it declares, or have"
                    + " the setting name");
        }
        String name = named ? fileName.substring(0, fileName.length() - EXTENSION.length()) : set;
        if (set != null && !set.equals(name)) {
            throw new DeployException(path + " declares the connector " + set
                    + ": call the file so, or take the setting name out");
        }
        if (name.isBlank() || !ConnectRest.isAddressable(name)) {
            throw new DeployException(path + " must be called otherwise: a worker takes no request with /, \\ or % in a"
                    + " connector's name, nor with none");
        }
        return name;
    }

    private static Map<String, String> settings(Path path, JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new DeployException(path + " must hold one JSON object of settings");
        }
        Map<String, String> settings = new TreeMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String setting = json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.START_OBJECT && setting.equals("config")) {
                throw new DeployException(path + " wraps the settings in \"config\": it must hold the settings alone,"
                        + " as PUT /connectors/NAME/config takes them");
            }
            if (!value.isScalarValue() || value == JsonToken.VALUE_NULL) {
                throw new DeployException(path + ", line " + json.currentTokenLocation().getLineNr() + ": the setting "
                        + setting + " must be a string, a number, true or false");
            }
            settings.put(setting, json.getText());
        }
        if (json.nextToken() != null) {
            throw new DeployException(path + " must hold one JSON object of settings, and nothing behind it");
        }
        return settings;
    }

    /** Where, but not what: it may be a secret. */
    private static String place(JsonProcessingException e) {
        return "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
    }

    private static String duplicate(JsonProcessingException e) {
        return e instanceof JsonParseException && e.getOriginalMessage().startsWith("Duplicate")
                ? ", where a setting stands for the second time" : "";
    }
}
