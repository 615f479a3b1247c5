/**
 * The servers that Charla needs, in this process: a Kafka broker, a Kafka Connect worker and a stand-in for MongoDB.
 * They know nothing of Charla: the standalone starts them for a person, tests for themselves.
 */
package org.charla.embedded;
