package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import org.charla.testing.ChildProcess;

/** What processes take of the machine, as the tools of the system and of the JDK tell it. */
final class Footprint {

    private static final String TOTAL = "Total ";

    private Footprint() {
    }

    /** The bytes on a JVM's heap that something refers to: it collects all garbage first. */
    static long heap(long pid) throws IOException {
        String histogram = ChildProcess.output(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid), "GC.class_histogram");
        String total = histogram.lines().filter(line -> line.startsWith(TOTAL)).findFirst()
                .orElseThrow(() -> new IllegalStateException("jcmd says nothing of a heap: " + histogram));
        return Long.parseLong(total.substring(total.lastIndexOf(' ') + 1));
    }

    /** The bytes of memory that a process has. */
    static long resident(long pid) throws IOException {
        return Long.parseLong(ChildProcess.output("ps", "-o", "rss=", "-p", Long.toString(pid)).strip()) * 1024;
    }

    /** The bytes that a folder takes on the disk. */
    static long onDisk(Path folder) throws IOException {
        return Long.parseLong(ChildProcess.output("du", "-sk", folder.toString()).split("\\s")[0]) * 1024;
    }
}
