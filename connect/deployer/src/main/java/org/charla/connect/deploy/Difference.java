package org.charla.connect.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What applying a file would change.
 *
 * @param difference "new", "changed" or "same"
 * @param changes    setting by setting, with secrets masked
 */
record Difference(String connector, String difference, List<Change> changes) {

    /**
     * The mark of a connector that was deployed from a file: a setting that no connector knows, and that Connect keeps.
     * It does not count as a difference, so that what {@code curl} deployed from the same file is equal.
     */
    static final String MARK = "charla.managed";

    /**
     * A setting.
     *
     * @param worker as the worker has it, null if it hasn't
     * @param file   as the file declares it, null if it doesn't
     */
    record Change(String setting, String worker, String file) {

        private String toText() {
            if (worker == null) {
                return "  + " + setting + " = " + file;
            }
            if (file == null) {
                return "  - " + setting + " = " + worker;
            }
            return "  ~ " + setting + " = " + worker + " -> "
                    + (file.equals(worker) ? file + " (differs in what is masked)" : file);
        }
    }

    /** @param present what the worker has, or null if it has no such connector */
    static Difference between(Map<String, String> present, ConnectorFile file, Secrets secrets) {
        Map<String, String> before = present == null ? Map.of() : present;
        SortedSet<String> settings = new TreeSet<>(before.keySet());
        settings.addAll(file.config().keySet());
        settings.remove("name");
        settings.remove(MARK);
        List<Change> changes = new ArrayList<>();
        for (String setting : settings) {
            String worker = before.get(setting);
            String declared = file.config().get(setting);
            if (!Objects.equals(worker, declared)) {
                changes.add(new Change(setting, secrets.show(setting, worker), secrets.show(setting, declared)));
            }
        }
        return new Difference(file.name(), present == null ? "new" : changes.isEmpty() ? "same" : "changed", changes);
    }

    boolean isSame() {
        return difference.equals("same");
    }

    List<String> toText() {
        List<String> lines = new ArrayList<>();
        lines.add(connector + ": " + difference);
        changes.forEach(change -> lines.add(change.toText()));
        return lines;
    }
}
