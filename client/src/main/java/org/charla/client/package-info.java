/**
 * The commands of a person who chats. Each command is a class that parses and reports; what commands share stands
 * beside them: {@link org.charla.client.Settings}, the {@link org.charla.client.Store} that holds history, the
 * {@link org.charla.client.ChannelReader} that reads channels live, the {@link org.charla.client.Console}.
 *
 * <p>A command starts fast because it loads only what it needs: command classes name no class of Kafka or MongoDB in
 * fields and signatures, since the command line parser looks at these of all commands.
 */
package org.charla.client;
