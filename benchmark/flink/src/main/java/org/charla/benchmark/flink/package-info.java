/** The same work as a Flink job, as those who know Flink would write it. */
package org.charla.benchmark.flink;
