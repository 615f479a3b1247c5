package org.charla.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One memory budget for all RocksDB instances of the process, instead of Kafka Streams' default of a cache and write
 * buffers for each: a task has five or six of them.
 *
 * @see <a href="https://kafka.apache.org/documentation/streams/developer-guide/memory-mgmt.html">Kafka Streams:
 *     memory management</a>
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    private static final long TOTAL_BYTES = 96L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final Cache CACHE;
    private static final WriteBufferManager WRITE_BUFFERS;

    static {
        loadLibrary();
        CACHE = new LRUCache(TOTAL_BYTES);
        WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
    }

    /** Leaves no copy of the library behind, which RocksDB's own way does when the process is halted or killed. */
    private static void loadLibrary() {
        try {
            Path folder = Files.createTempDirectory("charla-rocksdb");
            try {
                NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    files.forEach(file -> file.toFile().delete());
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the library of the state stores can't be unpacked: " + e.getMessage(), e);
        }
        RocksDB.loadLibrary();
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setWriteBufferSize(4L << 20);
        options.setMaxWriteBufferNumber(2);
        options.setTableFormatConfig(table);
    }

    @Override
    public void close(String storeName, Options options) {
        // The cache and the write buffers are the process's: the next store uses them too.
    }
}
