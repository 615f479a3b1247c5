package org.charla.connect.deploy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The JSON that workers speak and that {@code --json} writes. */
final class ConnectJson {

    /** Newer workers may say more than is known here, but nothing twice and nothing behind it. */
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private ConnectJson() {
    }

    /** One object on one line; nothing in it can do harm to a terminal. */
    static String line(Object value) {
        try {
            // Jackson leaves DEL alone, as JSON allows.
            return MAPPER.writeValueAsString(value).replace("\u007F", "\\u007f");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
