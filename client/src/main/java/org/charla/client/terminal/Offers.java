package org.charla.client.terminal;

import java.util.List;

/** Offers what the word that is being typed may become. */
interface Offers {

    /**
     * What the word may become, the best first.
     *
     * @param word as far as the cursor
     * @param words those in front of it
     */
    List<String> of(String word, List<String> words);
}
