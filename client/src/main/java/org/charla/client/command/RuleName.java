package org.charla.client.command;

import java.util.Arrays;
import java.util.Iterator;
import org.charla.protocol.ChannelRule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what can be ruled in a channel from the command line. */
final class RuleName implements ITypeConverter<ChannelRule> {

    @Override
    public ChannelRule convert(String name) {
        return ChannelRule.named(name).orElseThrow(() -> new TypeConversionException("there is no such rule"));
    }

    /** All of them, for who completes. */
    static final class All implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(ChannelRule.values()).map(ChannelRule::wireName).iterator();
        }
    }
}
