/** Text of other people, made fit to be shown. */
package org.charla.client.text;
