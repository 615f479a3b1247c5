package org.charla.connect.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.charla.client.terminal.CommandFailure;

/** Connectors as their files declare them. */
final class Connector {

    private static final JsonFactory JSON = new JsonFactory();

    private Connector() {
    }

    /**
     * The settings of one.
     *
     * @throws CommandFailure if its file can't be read
     */
    static Map<String, String> settings(Path folder, String name) {
        Path file = folder.resolve(name + ".json");
        Map<String, String> settings = new HashMap<>();
        try (JsonParser json = JSON.createParser(file.toFile())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String setting = json.currentName();
                json.nextToken();
                settings.put(setting, json.getText());
                json.skipChildren();
            }
        } catch (IOException e) {
            throw new CommandFailure(file + " can't be read, which declares a connector", e);
        }
        settings.put("name", name);
        return settings;
    }
}
