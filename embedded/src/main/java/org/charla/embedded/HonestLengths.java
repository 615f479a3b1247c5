package org.charla.embedded;

import io.netty.buffer.ByteBuf;

/**
 * Whether the lengths in a message of MongoDB's wire protocol are true, and its documents no deeper than MongoDB takes
 * them. The stand-in's decoder makes arrays as long as a message says before it looks whether so much is there: a message
 * of 50 bytes could take all the memory.
 */
final class HonestLengths {

    private static final int MESSAGE = 2013;
    private static final int QUERY = 2004;
    private static final int HEADER_BYTES = 16;
    private static final int CHECKSUM_PRESENT = 1;
    private static final int CHECKSUM_BYTES = 4;
    private static final int MAX_DEPTH = 180;

    private HonestLengths() {
    }

    /**
     * Looks at the next message, if it is there as a whole, and leaves the buffer as it is.
     *
     * @throws IllegalArgumentException or {@link IndexOutOfBoundsException} if a length in it reaches beyond it,
     *         or a document in it is too deep
     */
    static void require(ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < HEADER_BYTES || in.readableBytes() < in.getIntLE(start)) {
            return;
        }
        ByteBuf message = in.slice(start, in.getIntLE(start));
        int code = message.skipBytes(HEADER_BYTES - Integer.BYTES).readIntLE();
        int flags = message.readIntLE();
        if (code == MESSAGE) {
            int end = message.capacity() - ((flags & CHECKSUM_PRESENT) == 0 ? 0 : CHECKSUM_BYTES);
            while (message.readerIndex() < end) {
                skipSection(message);
            }
        } else if (code == QUERY) {
            skipName(message);
            message.skipBytes(2 * Integer.BYTES);
            while (message.isReadable()) {
                skipDocument(message, 1);
            }
        }
    }

    private static void skipSection(ByteBuf in) {
        if (in.readByte() == 0) {
            skipDocument(in, 1);
            return;
        }
        int end = in.readerIndex() + in.readIntLE();
        skipName(in);
        do {
            skipDocument(in, 1);
        } while (in.readerIndex() < end);
    }

    private static void skipDocument(ByteBuf in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("documents are nested more than " + MAX_DEPTH + " deep");
        }
        in.skipBytes(Integer.BYTES);
        for (byte type = in.readByte(); type != 0; type = in.readByte()) {
            skipName(in);
            skipValue(type, in, depth);
        }
    }

    /** The types of BSON, see bsonspec.org. */
    private static void skipValue(byte type, ByteBuf in, int depth) {
        switch (type) {
            case 0x01, 0x09, 0x11, 0x12 -> in.skipBytes(8);
            case 0x02, 0x0D -> in.skipBytes(in.readIntLE());
            case 0x03, 0x04 -> skipDocument(in, depth + 1);
            case 0x05 -> in.skipBytes(in.readIntLE()).skipBytes(1);
            case 0x06, 0x0A, 0x7F, -1 -> { }
            case 0x07 -> in.skipBytes(12);
            case 0x08 -> in.skipBytes(1);
            case 0x0B -> {
                skipName(in);
                skipName(in);
            }
            case 0x10 -> in.skipBytes(4);
            case 0x13 -> in.skipBytes(16);
            default -> throw new IllegalArgumentException("no type of BSON that is known here: " + type);
        }
    }

    private static void skipName(ByteBuf in) {
        in.skipBytes(in.bytesBefore((byte) 0) + 1);
    }
}
