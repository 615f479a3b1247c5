package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "see https://example.org/a?b=c#d. Then | https://example.org/a?b=c#d",
        "(http://example.org/x) | http://example.org/x",
        "https://en.wikipedia.org/wiki/Rust_(language), yes | https://en.wikipedia.org/wiki/Rust_(language)",
        "HTTPS://EXAMPLE.ORG! | HTTPS://EXAMPLE.ORG",
        "<https://example.org/> | https://example.org/",
        "https://[::1]:8080/x | https://[::1]:8080/x"})
    void findsAnAddressWithoutTheSentenceAroundIt(String text, String address) {
        assertThat(Links.in(text)).singleElement()
                .satisfies(link -> assertThat(text.substring(link.start(), link.end())).isEqualTo(address))
                .extracting(Links.Link::target).isEqualTo(address);
    }

    @Test
    void writesLettersBeyondAsciiAsUrisDo() {
        assertThat(Links.in("https://es.wikipedia.org/wiki/España")).extracting(Links.Link::target)
                .containsExactly("https://es.wikipedia.org/wiki/Espa%C3%B1a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "file:///etc/passwd", "ftp://example.org", "https://", "http://.",
        "xhttp://example.org", "mailto:a@example.org", "ssh://example.org"})
    void findsNothingElse(String text) {
        assertThat(Links.in(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org/\u001b\\\u001b[2J", "https://example.org/\u0007x", "https://example.org/\u009cx",
        "https://example.org/\u202Egpj.exe", "https://example.org/\u200b", "https://example.org/ x\n"})
    void endsAnAddressAtWhatCouldEndTheSequence(String text) {
        assertThat(Links.in(text)).singleElement().extracting(Links.Link::target).isEqualTo("https://example.org/");
    }
}
