package org.charla.client.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;

/**
 * Texts as they are compared, since the same word can be written in several ways: {@code é} is one code point or two.
 * For comparing only; what is sent and shown stays as it is.
 */
public final class Alike {

    private static final Normalizer2 FOLDED = Normalizer2.getNFKCCasefoldInstance();
    private static final Normalizer2 DECOMPOSED = Normalizer2.getNFDInstance();

    private Alike() {
    }

    /** The text in a form that is equal for texts that read the same, whatever their case and how they are encoded. */
    public static String folded(String text) {
        return FOLDED.normalize(text);
    }

    /** As {@link #folded}, and equal also for texts that differ in accents: for what is typed in a hurry. */
    public static String withoutAccents(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        DECOMPOSED.normalize(folded(text)).codePoints()
                .filter(c -> UCharacter.getIntPropertyValue(c, UProperty.CANONICAL_COMBINING_CLASS) == 0)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
