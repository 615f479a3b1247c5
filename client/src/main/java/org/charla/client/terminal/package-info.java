/**
 * A conversation on a terminal: what it shows as lines, above the line that is being typed. {@link
 * org.charla.client.terminal.ChatTerminal} is the way in; {@link org.charla.client.terminal.Console} has the standard
 * streams of the other commands.
 */
package org.charla.client.terminal;
