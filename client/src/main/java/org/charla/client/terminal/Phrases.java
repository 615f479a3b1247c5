package org.charla.client.terminal;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.charla.client.chat.Notice;
import org.charla.client.text.Language;

/** The texts of the chat in one language. */
public final class Phrases {

    private final ResourceBundle texts;
    private final Locale locale;

    /** @param locale its language is Spanish or English; any other stands for English */
    public Phrases(Locale locale) {
        this.locale = locale;
        this.texts = Language.texts("org.charla.client.terminal.phrases", locale);
    }

    /** Dates and numbers are written as is usual there. */
    public Locale locale() {
        return locale;
    }

    /** A text with its arguments filled in. */
    public String get(String key, Object... arguments) {
        return new MessageFormat(texts.getString(key), locale).format(arguments);
    }

    String of(Notice notice, Object... arguments) {
        return get("notice." + notice, arguments);
    }

    /** What a code of a rejection means; a code that nobody has heard of keeps its own reason. */
    public String rejection(String code, String reason) {
        try {
            return texts.getString("rejection." + code);
        } catch (MissingResourceException e) {
            return reason;
        }
    }
}
