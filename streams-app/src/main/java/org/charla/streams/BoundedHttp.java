package org.charla.streams;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers GET and HEAD of a few paths, whatever its peers do: no request occupies a thread while it is read or its
 * answer is written, a connection carries one request and lives for {@value #LIFE_SECONDS} s at most, and where there are
 * more than {@value #MAX_CONNECTIONS} the oldest makes room for the newest. Of a request at most {@value #MAX_HEAD_BYTES}
 * bytes of its head are read, and no body. Thread-safe.
 */
final class BoundedHttp implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 256;
    private static final int LIFE_SECONDS = 10;
    private static final int MAX_HEAD_BYTES = 8_192;
    private static final int SEND_BUFFER_BYTES = 65_536;

    /** What is answered. The body isn't copied, and must not change. */
    record Answer(int status, String type, byte[] body) {
    }

    /** By path; asked on the one thread that serves all connections, so they mustn't wait. */
    private final Map<String, Supplier<CompletableFuture<Answer>>> paths;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
            new DefaultThreadFactory("charla-http", true), NioIoHandler.newFactory());
    /** Oldest first; touched on the group's one thread alone. */
    private final Set<Channel> connections = new LinkedHashSet<>();
    private final Channel server;

    /** @throws IOException if nobody can listen there */
    BoundedHttp(InetSocketAddress address, Map<String, Supplier<CompletableFuture<Answer>>> paths) throws IOException {
        this.paths = paths;
        ChannelFuture bound = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                // Who has said all still waits for the answer.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel);
                        channel.pipeline().addLast(new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_HEAD_BYTES).setMaxHeaderSize(MAX_HEAD_BYTES)),
                                new ChunkedWriteHandler(), new OneRequest());
                    }
                })
                .bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException(bound.cause());
        }
        server = bound.channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    private void admit(Channel channel) {
        connections.add(channel);
        Future<?> end = channel.eventLoop().schedule(() -> channel.close(), LIFE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> {
            end.cancel(false);
            connections.remove(channel);
        });
        if (connections.size() > MAX_CONNECTIONS) {
            connections.iterator().next().close();
        }
    }

    private CompletableFuture<Answer> answer(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return refusal(HttpResponseStatus.METHOD_NOT_ALLOWED);
        }
        Supplier<CompletableFuture<Answer>> found = paths.get(new QueryStringDecoder(request.uri()).rawPath());
        return found == null ? refusal(HttpResponseStatus.NOT_FOUND) : found.get();
    }

    private static CompletableFuture<Answer> refusal(HttpResponseStatus status) {
        return CompletableFuture.completedFuture(status(status));
    }

    private static Answer status(HttpResponseStatus status) {
        return new Answer(status.code(), "text/plain", (status + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The first request of a connection is answered, and the connection closed; nothing more is read. */
    private final class OneRequest extends ChannelInboundHandlerAdapter {

        private boolean isAnswered;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            if (isAnswered || !(message instanceof HttpRequest request)) {
                return;
            }
            isAnswered = true;
            context.channel().config().setAutoRead(false);
            answer(request).exceptionally(failure -> status(HttpResponseStatus.INTERNAL_SERVER_ERROR))
                    .thenAccept(answer -> write(context, answer));
        }

        private void write(ChannelHandlerContext context, Answer answer) {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(answer.status()));
            head.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                    .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.write(head);
            // Piece by piece as the peer reads: what waits for a slow one is the body that all of them share.
            context.writeAndFlush(new HttpChunkedInput(new ChunkedStream(new ByteArrayInputStream(answer.body()))))
                    .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
