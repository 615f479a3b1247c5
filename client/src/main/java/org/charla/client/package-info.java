/**
 * The console's command line: {@link org.charla.client.Charla} puts the commands together, and
 * {@link org.charla.client.Training} runs through them for the JVM.
 */
package org.charla.client;
