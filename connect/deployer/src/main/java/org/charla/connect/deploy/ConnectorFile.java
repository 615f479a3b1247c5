package org.charla.connect.deploy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
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
 * A declared connector: the body that {@code PUT /connectors/NAME/config} takes, in a file NAME.json.
 *
 * @param config all settings as strings, as the worker will keep them
 */
record ConnectorFile(Path path, String name, Map<String, String> config) {

    private static final String EXTENSION = ".json";
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
        String fileName = String.valueOf(path.getFileName());
        if (!fileName.endsWith(EXTENSION) || fileName.equals(EXTENSION)) {
            throw new DeployException(path + " must be called NAME.json, after the connector that it declares");
        }
        String name = fileName.substring(0, fileName.length() - EXTENSION.length());
        if (!ConnectRest.isAddressable(name)) {
            throw new DeployException(path + " must be called otherwise: a worker takes no request with /, \\ or % in a"
                    + " connector's name");
        }
        Map<String, String> config;
        try (JsonParser json = JSON.createParser(Files.readString(path))) {
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
        if (!config.getOrDefault("name", name).equals(name)) {
            throw new DeployException(path + " declares the connector " + config.get("name")
                    + ": call the file so, or take the setting name out");
        }
        config.remove("name");
        if (config.getOrDefault("connector.class", "").isBlank()) {
            throw new DeployException(path + " has no setting connector.class, which every connector needs");
        }
        return new ConnectorFile(path, name, Collections.unmodifiableMap(config));
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
