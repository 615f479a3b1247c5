/**
 * {@code charla audit}: compares what stands in topics with what the sinks made of it in MongoDB, while everything runs and in
 * bounded memory, and writes what is missing by the sinks' own code.
 */
package org.charla.connect.audit;
