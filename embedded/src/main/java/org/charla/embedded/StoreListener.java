package org.charla.embedded;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.wire.MongoDatabaseHandler;
import de.bwaldvogel.mongo.wire.MongoExceptionHandler;
import de.bwaldvogel.mongo.wire.MongoWireMessageEncoder;
import de.bwaldvogel.mongo.wire.MongoWireProtocolHandler;
import de.bwaldvogel.mongo.wire.MongoWireReplyEncoder;
import de.bwaldvogel.mongo.wire.message.ClientRequest;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Takes the connections of the MongoDB stand-in's clients, and bounds what each can take from the others: there are
 * {@value #MAX_CONNECTIONS}, and where one more comes the oldest that has never said anything makes room, or else the one
 * that was silent for longest; a message has a limited time to arrive, and so has its reply to be read; what has arrived
 * of unfinished messages, all together, is no more than one message can be, or else the oldest of them is given up; and no
 * length in a message is believed that reaches beyond it.
 */
final class StoreListener implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 512;

    private final MongoBackend backend;
    private final long patienceMs;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(new DefaultThreadFactory("store"), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup("store-connections", group.next());
    /** Those that have never said anything, the oldest first. */
    private final Set<Channel> strangers = new LinkedHashSet<>();
    /** The others, the one that was silent for longest first. */
    private final Map<Channel, Boolean> silent = new LinkedHashMap<>(16, 0.75f, true);
    /** How much has arrived of messages that are unfinished, the oldest first. */
    private final Map<Channel, Integer> unfinished = new LinkedHashMap<>();
    private final Channel server;

    /**
     * Listens from now on.
     *
     * @param backend what answers; it is closed with this
     * @param patience how long a message may take to arrive, and its reply to be read
     */
    StoreListener(MongoBackend backend, InetSocketAddress address, Duration patience) {
        this.backend = backend;
        this.patienceMs = patience.toMillis();
        try {
            this.server = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            admit(channel);
                            channel.pipeline().addLast(new WriteTimeoutHandler(patienceMs, TimeUnit.MILLISECONDS),
                                    new MongoWireReplyEncoder(), new MongoWireMessageEncoder(), new BoundedRequests(),
                                    new MongoDatabaseHandler(backend, connections), new MongoExceptionHandler());
                        }
                    })
                    .bind(address).syncUninterruptibly().channel();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    private void admit(Channel channel) {
        Optional<Channel> tooMuch;
        synchronized (this) {
            tooMuch = strangers.size() + silent.size() < MAX_CONNECTIONS ? Optional.empty()
                    : Stream.concat(strangers.stream(), silent.keySet().stream()).findFirst();
            // At once: the next that is too many closes another one.
            tooMuch.ifPresent(this::forget);
            strangers.add(channel);
        }
        channel.closeFuture().addListener(closed -> forget(channel));
        tooMuch.ifPresent(Channel::close);
    }

    private synchronized void forget(Channel channel) {
        strangers.remove(channel);
        silent.remove(channel);
        unfinished.remove(channel);
    }

    private synchronized void hasSpoken(Channel channel) {
        if (strangers.remove(channel) || silent.containsKey(channel)) {
            silent.put(channel, true);
        }
        unfinished.remove(channel);
    }

    private void isUnfinished(Channel channel, int bytes) {
        Channel tooMuch = null;
        synchronized (this) {
            if (!strangers.contains(channel) && !silent.containsKey(channel)) {
                return;
            }
            unfinished.put(channel, bytes);
            if (unfinished.values().stream().mapToLong(Integer::longValue).sum()
                    > MongoWireProtocolHandler.MAX_MESSAGE_SIZE_BYTES) {
                tooMuch = unfinished.keySet().iterator().next();
                unfinished.remove(tooMuch);
            }
        }
        if (tooMuch != null) {
            tooMuch.close();
        }
    }

    /** Hands on one request after the other, once it has arrived and while its sender reads the replies. */
    private final class BoundedRequests extends MongoWireProtocolHandler {

        private Future<?> deadline;

        @Override
        protected ClientRequest decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
            if (!context.channel().isWritable()) {
                return null;
            }
            HonestLengths.require(in);
            ClientRequest request = super.decode(context, in);
            if (request != null) {
                endDeadline();
                hasSpoken(context.channel());
            }
            return request;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) throws Exception {
            super.channelReadComplete(context);
            if (actualReadableBytes() > 0) {
                isUnfinished(context.channel(), actualReadableBytes());
                if (deadline == null) {
                    deadline = context.executor().schedule(() -> context.close(), patienceMs, TimeUnit.MILLISECONDS);
                }
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
            boolean isWritable = context.channel().isWritable();
            context.channel().config().setAutoRead(isWritable);
            if (isWritable) {
                // What has arrived meanwhile; later, since this may come in the middle of a reply.
                context.executor().execute(() -> context.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER)
                        .fireChannelReadComplete());
            }
            super.channelWritabilityChanged(context);
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
            endDeadline();
            super.handlerRemoved0(context);
        }

        private void endDeadline() {
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }
    }

    private void stop() {
        connections.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        backend.close();
    }

    /** Ends all connections at once, and what answers on them. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        stop();
    }
}
