package org.charla.access;

/** A server can't do what it was asked for. The message is one line for a person: what is wrong and what to do. */
public class AccessFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AccessFailure(String message) {
        super(message);
    }

    AccessFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
