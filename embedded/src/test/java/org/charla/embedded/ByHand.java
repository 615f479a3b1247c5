package org.charla.embedded;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Asks Kafka for what no client of Kafka's would, in the newest version of each request. */
final class ByHand {

    private static final int TIMEOUT_MS = 30_000;

    private ByHand() {
    }

    /** A connection that reads this much ahead. */
    static Socket connect(String bootstrapServers, int bufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(bufferBytes);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(bootstrapServers.split(":")[1])));
        return socket;
    }

    static void ask(Socket socket, String clientId, ApiMessage asked) throws IOException {
        socket.getOutputStream().write(request(clientId, asked));
    }

    /** As it is sent. */
    static byte[] request(String clientId, ApiMessage asked) {
        ApiKeys api = ApiKeys.forId(asked.apiKey());
        RequestHeader header = header(api, clientId);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(asked, api.latestVersion(false)).buffer();
        ByteBuffer request = ByteBuffer.allocate(Integer.BYTES + head.remaining() + body.remaining());
        request.putInt(head.remaining() + body.remaining()).put(head).put(body);
        return request.array();
    }

    private static RequestHeader header(ApiKeys api, String clientId) {
        return new RequestHeader(api, api.latestVersion(false), clientId, 1);
    }

    /** What Kafka answers. */
    static AbstractResponse answer(Socket socket, String clientId, ApiMessage asked) throws IOException {
        ask(socket, clientId, asked);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return AbstractResponse.parseResponse(ByteBuffer.wrap(in.readNBytes(in.readInt())),
                header(ApiKeys.forId(asked.apiKey()), clientId));
    }
}
