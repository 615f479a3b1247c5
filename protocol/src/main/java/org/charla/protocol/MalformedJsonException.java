package org.charla.protocol;

/**
 * Bytes that are not the JSON that they should be. The message is one sentence that holds none of the bytes. It has no
 * stack trace: anybody can send such bytes by the thousand, and the trace would cost more than all else about them.
 */
public final class MalformedJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message, null, false, false);
    }
}
