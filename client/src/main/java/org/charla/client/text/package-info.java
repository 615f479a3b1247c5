/**
 * Texts: read line by line, those of other people made fit to be shown, messages as a line or as JSON, and the language
 * of our own.
 */
package org.charla.client.text;
