/** What Kafka Connect loads: the MongoDB sink connector, made to be left alone. */
package org.charla.connect.sink;
