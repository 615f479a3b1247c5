package org.charla.connect.deploy;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Read numbers from the command line that are not less than another. */
final class Numbers {

    private Numbers() {
    }

    static final class ZeroOrMore implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return atLeast(0, text);
        }
    }

    static final class OneOrMore implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return atLeast(1, text);
        }
    }

    /** Also parts of a second; as many as an integer takes. */
    static final class Seconds implements ITypeConverter<Double> {

        @Override
        public Double convert(String text) {
            double seconds = Double.parseDouble(text);
            if (!(seconds >= 0 && seconds <= Integer.MAX_VALUE)) {
                throw new TypeConversionException("it must be 0 or more");
            }
            return seconds;
        }
    }

    private static int atLeast(int least, String text) {
        int number = Integer.parseInt(text);
        if (number < least) {
            throw new TypeConversionException("it must be " + least + " or more");
        }
        return number;
    }
}
