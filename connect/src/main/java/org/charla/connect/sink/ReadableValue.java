package org.charla.connect.sink;

import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.charla.protocol.EventRules;
import org.charla.protocol.Unicode;

/**
 * What readers of a collection can hold. MongoDB takes more, and one document of that more would keep some of them, in
 * some languages, from the whole collection.
 */
final class ReadableValue {

    private ReadableValue() {
    }

    /**
     * The text as it is: a driver writes a surrogate that stands alone like any character, and it is no UTF-8 then.
     *
     * @throws DataException if there is one
     */
    static String text(String field, String text) {
        if (!Unicode.isWellFormed(text)) {
            throw new DataException(field + " holds half a character (a lone surrogate)");
        }
        return text;
    }

    /**
     * The texts as they are.
     *
     * @throws DataException if half a character is in one
     */
    static List<String> texts(String field, List<String> texts) {
        texts.forEach(text -> text(field, text));
        return texts;
    }

    /**
     * The epoch milliseconds as they are.
     *
     * @throws DataException if they are not of the years 1 to 9999
     */
    static long date(String field, long epochMillis) {
        if (!EventRules.isDate(epochMillis)) {
            throw new DataException(field + " is not of the years 1 to 9999");
        }
        return epochMillis;
    }
}
