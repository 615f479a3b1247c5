/**
 * A conversation as a model: which channels are open, what of them is shown and where it goes on, what was typed and
 * what became of it. It knows neither terminal nor Kafka nor MongoDB; these are behind {@link
 * org.charla.client.chat.View} and {@link org.charla.client.chat.Servers}.
 */
package org.charla.client.chat;
