package org.charla.client.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.charla.client.identity.KeyFolder;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.JsonLine;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.signature.UserKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "identity", synopsisSubcommandLabel = "COMMAND",
        subcommands = {IdentityShowCommand.class, IdentityCreateCommand.class, IdentityExportCommand.class,
            IdentityImportCommand.class, IdentityAddKeyCommand.class, IdentityRevokeCommand.class,
            IdentityRestoreCommand.class})
public final class IdentityCommand {

    @ParentCommand
    private CommonOptions charla;

    CommonOptions charla() {
        return charla;
    }

    Console console() {
        return charla.console();
    }

    KeyFolder keys() {
        return charla.keys();
    }

    /**
     * The settings of a person who can be a user.
     *
     * @throws CommandFailure otherwise
     */
    Settings settings() {
        Settings settings = charla.settings();
        long now = System.currentTimeMillis();
        if (EventRules.judge(new RawEvent.ProfileRemoval("id", settings.user(), now), now) instanceof Rejected rejected) {
            throw new CommandFailure(RejectionCode.INVALID_USER_ID + ": " + rejected.reason() + " (--user, CHARLA_USER)");
        }
        return settings;
    }

    /** Shows a key that is here now. */
    void show(String userId, UserKey key, Format format) {
        if (format.json()) {
            console().line(JsonLine.of(fields -> {
                fields.writeStringField("userId", userId);
                write(fields, userId, key);
            }));
        } else {
            line("user", userId);
            show(userId, key);
        }
    }

    void show(String userId, UserKey key) {
        line("fingerprint", key.fingerprint());
        line("key", key.toString());
        line("file", keys().file(userId).toString());
    }

    void write(JsonGenerator fields, String userId, UserKey key) throws IOException {
        fields.writeStringField("fingerprint", key.fingerprint());
        fields.writeStringField("key", key.toString());
        fields.writeStringField("file", keys().file(userId).toString());
    }

    /** Keys that claim an id. */
    static void write(JsonGenerator fields, List<String> keys) throws IOException {
        fields.writeArrayFieldStart("keys");
        for (String key : keys) {
            fields.writeStartObject();
            fields.writeStringField("key", key);
            fields.writeStringField("fingerprint", Identities.fingerprint(key));
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }

    void line(String name, String value) {
        console().line("%-12s %s".formatted(name, HarmlessText.of(value)));
    }
}
