/**
 * Measures Charla beside what others would pick for the same work. Every contender is a process of its own that reads
 * {@code chat.raw} and writes the topics of the contract, beside a broker in a process of its own; the figures of one
 * that doesn't deliver what it should don't count ({@link org.charla.benchmark.Verification}).
 */
package org.charla.benchmark;
