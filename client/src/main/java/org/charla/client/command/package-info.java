/**
 * The commands of a person who chats. Each is a class that parses and reports; what it needs of Kafka and MongoDB is in
 * {@link org.charla.access}.
 *
 * <p>A command starts fast because it loads only what it needs: command classes name no class of Kafka or MongoDB in
 * fields and signatures, since the command line parser looks at these of all commands.
 */
package org.charla.client.command;
