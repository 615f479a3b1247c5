/** Transcripts of other chats, read and imported: their files, their lines, and the messages that these become. */
package org.charla.client.transcript;
