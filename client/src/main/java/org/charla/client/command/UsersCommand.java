package org.charla.client.command;

import java.util.concurrent.Callable;
import org.charla.access.Store;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.JsonLine;
import org.charla.protocol.UserProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(name = "users")
public final class UsersCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Override
    public Integer call() {
        try (Store store = charla.settings().store()) {
            store.users(user -> charla.console().line(format.json() ? json(user) : text(user)));
        }
        return 0;
    }

    private static String text(UserProfile user) {
        return HarmlessText.of(user.userId()) + '\t' + HarmlessText.of(user.displayName());
    }

    private static String json(UserProfile user) {
        return JsonLine.of(fields -> {
            fields.writeStringField("userId", user.userId());
            fields.writeStringField("displayName", user.displayName());
            if (!user.keys().isEmpty()) {
                fields.writeArrayFieldStart("keys");
                for (String key : user.keys()) {
                    fields.writeString(key);
                }
                fields.writeEndArray();
            }
            fields.writeNumberField("updatedAt", user.updatedAt());
        });
    }
}
