package org.charla.client.command;

import org.charla.protocol.Topics;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a channel's name from the command line, for commands that only a legal one makes sense to. */
public final class ChannelName implements ITypeConverter<String> {

    @Override
    public String convert(String name) {
        if (!Topics.isChannelName(name)) {
            throw new TypeConversionException("a channel's name has 1 to 64 of a-z, 0-9 and -, and does not start"
                    + " with -");
        }
        return name;
    }
}
