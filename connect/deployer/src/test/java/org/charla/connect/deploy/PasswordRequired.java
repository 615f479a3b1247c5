package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/** Lets one person use a worker's REST API, by name and password (RFC 7617). */
public final class PasswordRequired implements ConnectRestExtension {

    static final String NAME = "alice";
    static final String PASSWORD = "hunter2";

    private static final String EXPECTED =
            "Basic " + Base64.getEncoder().encodeToString((NAME + ':' + PASSWORD).getBytes(UTF_8));

    @Override
    public void register(ConnectRestExtensionContext context) {
        context.configurable().register(new Filter());
    }

    private static final class Filter implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            if (!EXPECTED.equals(request.getHeaderString(HttpHeaders.AUTHORIZATION))) {
                request.abortWith(Response.status(Response.Status.UNAUTHORIZED)
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Basic").build());
            }
        }
    }

    @Override
    public void configure(Map<String, ?> settings) {
        // There is one person.
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    @Override
    public String version() {
        return "1";
    }
}
