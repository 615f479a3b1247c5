package org.charla.protocol;

/** Bytes that are not the JSON that they should be. The message is one sentence that holds none of the bytes. */
public final class MalformedJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message);
    }
}
