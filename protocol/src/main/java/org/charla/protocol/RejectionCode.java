package org.charla.protocol;

/** Why a raw record was refused. The order is the order of judgement: the first rule that fails names it. */
public enum RejectionCode {
    MALFORMED,
    WRONG_PARTITION,
    UNKNOWN_TYPE,
    INVALID_MESSAGE_ID,
    INVALID_USER_ID,
    KEY_MISMATCH,
    INVALID_CHANNEL,
    EMPTY_TEXT,
    TEXT_TOO_LONG,
    INVALID_TEXT,
    INVALID_DISPLAY_NAME,
    INVALID_SENT_AT,
    UNKNOWN_USER,
    RATE_LIMITED,
    CHANNEL_LIMIT,
    UNPROCESSABLE
}
