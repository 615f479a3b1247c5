package org.charla.embedded;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Context;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.glassfish.hk2.api.ProxyCtl;

/**
 * Keeps fewer requests to the worker under way than Jetty has threads: an answer that isn't read holds one up. Where one
 * more comes, the connection of the oldest is closed. And a connection carries one request: each may cost much more than it
 * takes to send it, and many can stand in one connection that nobody reads from.
 */
@PreMatching
final class BoundedRequests implements ContainerRequestFilter, ContainerResponseFilter {

    /** Of Jetty's 200 threads. */
    private static final int MOST = 160;

    /** The oldest first. */
    private final Map<Request, EndPoint> underWay = new LinkedHashMap<>();

    @Context
    private HttpServletRequest servletRequest;

    @Override
    public void filter(ContainerRequestContext context) {
        // Jersey stands in front of it with one object for all requests.
        HttpServletRequest ofThis = (HttpServletRequest) ((ProxyCtl) servletRequest).__make();
        Request request = ServletContextRequest.getServletContextRequest(ofThis);
        EndPoint oldest = null;
        synchronized (underWay) {
            underWay.put(request, request.getConnectionMetaData().getConnection().getEndPoint());
            if (underWay.size() > MOST) {
                Iterator<EndPoint> all = underWay.values().iterator();
                oldest = all.next();
                all.remove();
            }
        }
        Request.addCompletionListener(request, failure -> {
            synchronized (underWay) {
                underWay.remove(request);
            }
        });
        if (oldest != null) {
            oldest.close();
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle("Connection", "close");
    }
}
