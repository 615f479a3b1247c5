/** Texts: those of other people, made fit to be shown, and the language of our own. */
package org.charla.client.text;
