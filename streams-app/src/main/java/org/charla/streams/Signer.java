package org.charla.streams;

/** Who signed an event. */
enum Signer {

    /** Nobody, or nobody asked yet. */
    NOBODY,

    /** The user whose event it is: the id is theirs. */
    AUTHOR,

    /** The user whose event it is, with a key that makes them an operator. */
    OPERATING_AUTHOR,

    /** An operator, on behalf of a user. */
    OPERATOR;

    /** Whether it is the user whose event it is. */
    boolean isAuthor() {
        return this == AUTHOR || this == OPERATING_AUTHOR;
    }
}
