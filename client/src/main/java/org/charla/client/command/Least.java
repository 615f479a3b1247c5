package org.charla.client.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The least that a number among the options may be. */
final class Least {

    private Least() {
    }

    /** @throws ParameterException if the option's value is less */
    static void require(int least, CommandSpec command, String option, int value) {
        if (value < least) {
            throw new ParameterException(command.commandLine(), option + " must be " + least + " or more",
                    command.findOption(option), Integer.toString(value));
        }
    }
}
