package org.charla.streams;

/** Who signed an event. */
enum Signer {

    /** Nobody, or nobody asked yet. */
    NOBODY,

    /** The user whose event it is: the id is theirs. */
    AUTHOR,

    /** An operator, on behalf of a user. */
    OPERATOR
}
