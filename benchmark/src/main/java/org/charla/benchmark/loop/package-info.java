/** The program that an engineer would write without Kafka Streams: one thread that consumes, processes and produces. */
package org.charla.benchmark.loop;
