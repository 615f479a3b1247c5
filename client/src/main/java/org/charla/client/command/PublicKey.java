package org.charla.client.command;

import org.charla.protocol.signature.UserKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a public key from the command line, as {@code identity show} prints it. */
final class PublicKey implements ITypeConverter<UserKey> {

    @Override
    public UserKey convert(String text) {
        return UserKey.parse(text).orElseThrow(() -> new TypeConversionException("it is no key"));
    }
}
