package org.charla.access;


/** A server does not answer. */
public final class ServerAway extends AccessFailure {

    private static final long serialVersionUID = 1L;

    private final String server;

    /** @param server what it is, and where */
    ServerAway(String server, String message, Throwable cause) {
        super(message, cause);
        this.server = server;
    }

    /** What it is, and where. */
    public String server() {
        return server;
    }
}
