package org.charla.access;

/** How Kafka is reached. */
public enum Connection {

    /** Not known yet. */
    CONNECTING,

    /** Kafka answers. */
    UP,

    /** Kafka does not answer. */
    DOWN,

    /** Kafka answers, but the streams app has not made its topics. */
    NO_PIPELINE
}
