/**
 * The topology and the process that runs it: raw events are validated, freed of duplicates, enriched with their
 * author's profile and routed to their channel's topic, exactly once. {@link org.charla.streams.ChatTopology} is the
 * place to start reading.
 */
package org.charla.streams;
