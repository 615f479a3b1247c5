package org.charla.connect.deploy;

import java.util.ArrayList;
import java.util.List;

/**
 * What a worker thinks of a declared connector.
 *
 * @param result {@code valid}; {@code invalid}; or {@code unreachable}: nothing is wrong but that MongoDB does not
 *               answer, so that it could not be asked for permissions
 */
record ValidationReport(String connector, String result, List<Problem> errors) {

    /** What the connector says when it has no other complaint than that nobody answers (ConnectionValidator). */
    private static final String NO_ANSWER = "Unable to connect to the server";

    /** What is wrong with a setting; without secrets. */
    record Problem(String setting, String error) {
    }

    static ValidationReport of(ConnectorFile file, ConnectRest.Validation validation, Secrets secrets) {
        List<Problem> problems = new ArrayList<>();
        boolean unreachable = true;
        for (ConnectRest.Setting setting : validation.configs()) {
            ConnectRest.Value value = setting.value();
            for (String error : value.errors()) {
                boolean noAnswer = value.name().equals("connection.uri") && error.startsWith(NO_ANSWER);
                unreachable &= noAnswer;
                problems.add(new Problem(value.name(), noAnswer
                        ? "MongoDB does not answer the worker; start it, or correct the address, and try again"
                        : secrets.showError(value.name(), file.config().get(value.name()), value.value(), error)));
            }
        }
        return new ValidationReport(file.name(), problems.isEmpty() ? "valid" : unreachable ? "unreachable" : "invalid",
                problems);
    }

    boolean isValid() {
        return errors.isEmpty();
    }

    int status() {
        return isValid() ? ExitStatus.DONE : result.equals("unreachable") ? ExitStatus.UNREACHABLE : ExitStatus.FAILED;
    }

    List<String> toText() {
        if (isValid()) {
            return List.of(connector + ": valid");
        }
        if (result.equals("unreachable")) {
            return List.of(connector + ": can't be validated: " + errors.get(0).setting() + ": "
                    + errors.get(0).error());
        }
        List<String> lines = new ArrayList<>();
        lines.add(connector + ": invalid");
        errors.forEach(problem -> lines.add("  " + problem.setting() + ": " + problem.error()));
        return lines;
    }
}
