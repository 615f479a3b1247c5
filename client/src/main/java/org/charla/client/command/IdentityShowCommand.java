package org.charla.client.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.charla.access.AccessFailure;
import org.charla.access.ExistingUsers;
import org.charla.access.Identity;
import org.charla.client.text.JsonLine;
import org.charla.protocol.UserProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(name = "show")
public final class IdentityShowCommand implements Callable<Integer> {

    @ParentCommand
    private IdentityCommand identity;

    @Mixin
    private Format format;

    @Override
    public Integer call() {
        Settings settings = identity.settings();
        Optional<Identity> here = new Identities(identity.keys(), settings.realm()).here(settings.user());
        Optional<UserProfile> known;
        try {
            known = new ExistingUsers(settings.kafkaAccess()).find(settings.user());
        } catch (AccessFailure e) {
            show(settings.user(), here, null);
            identity.console().error("whether it is claimed is not known: " + e.getMessage());
            return 1;
        }
        show(settings.user(), here, Identity.keysOf(known));
        return 0;
    }

    /** @param claiming the keys that claim the id; null: not known */
    private void show(String userId, Optional<Identity> here, List<String> claiming) {
        if (format.json()) {
            identity.console().line(JsonLine.of(fields -> {
                fields.writeStringField("userId", userId);
                if (here.isPresent()) {
                    identity.write(fields, userId, here.get().key());
                }
                if (claiming != null) {
                    fields.writeBooleanField("claimed", !claiming.isEmpty());
                    fields.writeBooleanField("mine", isMine(here, claiming));
                    IdentityCommand.write(fields, claiming);
                }
            }));
            return;
        }
        identity.line("user", userId);
        here.ifPresentOrElse(own -> identity.show(userId, own.key()),
                () -> identity.line("fingerprint", "there is no key here"));
        if (claiming != null) {
            identity.line("claimed", claim(userId, here, claiming));
        }
    }

    private static boolean isMine(Optional<Identity> here, List<String> claiming) {
        return here.filter(own -> claiming.contains(own.key().toString())).isPresent();
    }

    private static String claim(String userId, Optional<Identity> here, List<String> claiming) {
        if (claiming.isEmpty()) {
            return "not yet: it becomes yours with the first message that you send";
        }
        if (isMine(here, claiming)) {
            List<String> others = claiming.stream().filter(key -> !key.equals(here.get().key().toString())).toList();
            return "by this key" + (others.isEmpty() ? "" : ", and by " + Identities.fingerprints(others));
        }
        String there = "by " + Identities.fingerprints(claiming) + ", which is not here. If " + userId
                + " is you, on the machine that has that key: ";
        return there + here
                .map(own -> "charla identity add-key " + own.key())
                .orElse("charla identity export; and here: charla identity import");
    }
}
