package org.charla.client.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number from the command line that may not be less than another. */
abstract class Least implements ITypeConverter<Integer> {

    private final int least;

    private Least(int least) {
        this.least = least;
    }

    @Override
    public Integer convert(String text) {
        int number = Integer.parseInt(text);
        if (number < least) {
            throw new TypeConversionException("it must be " + least + " or more");
        }
        return number;
    }

    static final class Zero extends Least {

        Zero() {
            super(0);
        }
    }

    static final class One extends Least {

        One() {
            super(1);
        }
    }
}
