package org.charla.client.text;

import com.ibm.icu.text.Bidi;
import com.ibm.icu.text.SpoofChecker;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a name looks like, so that two can be compared as a person sees them: Unicode Technical Standard #39, section 4,
 * whatever their case and their blanks. Thread-safe. ICU reads its tables when the first name is looked at.
 */
public final class Appearance {

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Appearance() {
    }

    /** Takes its time to be made. */
    private static final class Confusables {
        static final SpoofChecker CHECKER = new SpoofChecker.Builder().build();
    }

    /**
     * The appearances of a name: two names look alike where they have one in common. There are two, since a capital
     * {@code I} looks like an {@code l}, and is an {@code i}, too.
     */
    public static Set<String> of(String name) {
        String asWritten = skeleton(name);
        String folded = skeleton(Alike.folded(name));
        return asWritten.equals(folded) ? Set.of(folded) : Set.of(asWritten, folded);
    }

    private static String skeleton(String name) {
        String seen = Confusables.CHECKER.getBidiSkeleton(Bidi.LTR, name);
        return BLANKS.matcher(Alike.folded(seen)).replaceAll(" ").strip();
    }
}
