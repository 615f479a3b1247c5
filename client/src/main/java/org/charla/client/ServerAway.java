package org.charla.client;

/** A command can't do its job because a server does not answer. */
final class ServerAway extends CommandFailure {

    private static final long serialVersionUID = 1L;

    private final String server;

    /** @param server what it is, and where */
    ServerAway(String server, String message, Throwable cause) {
        super(message, cause);
        this.server = server;
    }

    String server() {
        return server;
    }
}
