package org.charla.client;

/** A command can't do its job. The message is the one line that a person reads: what is wrong and what to do. */
public sealed class CommandFailure extends RuntimeException permits ServerAway {

    private static final long serialVersionUID = 1L;

    public CommandFailure(String message) {
        super(message);
    }

    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
