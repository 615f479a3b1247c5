package org.charla.client.text;

import java.io.CharConversionException;

/** The start of a text in UTF-8 as other programs write it: with a byte order mark that is no part of the text. */
public final class TextStart {

    private TextStart() {
    }

    /**
     * How many bytes the mark in front of a text has; 0 where there is none.
     *
     * @param bytes what the text begins with, up to this length
     * @throws CharConversionException if the mark says that the text is in another encoding; the message says what to do
     */
    public static int markLength(byte[] bytes, int length) throws CharConversionException {
        if (begins(bytes, length, 0xFF, 0xFE) || begins(bytes, length, 0xFE, 0xFF)) {
            throw new CharConversionException("it is in UTF-16 or UTF-32: convert it to UTF-8, as with iconv -f UTF-16");
        }
        return begins(bytes, length, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    }

    private static boolean begins(byte[] bytes, int length, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
