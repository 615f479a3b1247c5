/**
 * The wire: what the topics are called, what their records hold, how these are written as JSON, and the rules by
 * which a raw event is accepted or rejected. Pure code: it knows Jackson, Bouncy Castle
 * and Kafka's serdes, and no cluster.
 */
package org.charla.protocol;
