package org.charla.standalone;

/** A standalone can't start for a reason that a person can do something about; the message is one line that says what. */
final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
