package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.LoggerFactory;

/**
 * The log of a standalone: the terminal shows what a person needs, everything else goes into files. It is set up in
 * code and numbers its files itself, since Logback's own configuration and patterns for names would read a folder's
 * name as more than a name.
 */
final class LogFiles extends ContextAwareBase implements RollingPolicy {

    private static final String NAME = "standalone.log";
    private static final int KEPT = 9;
    private static final FileSize SIZE = FileSize.valueOf("20MB");

    private final Path folder;
    private boolean started;

    private LogFiles(Path folder) {
        this.folder = folder;
    }

    /** Lets all loggers write there, from INFO, whatever they did until now. */
    static void writeTo(Path folder) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(UTF_8);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{36} - %msg%n");
        encoder.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> whenFull = new SizeBasedTriggeringPolicy<>();
        whenFull.setContext(context);
        whenFull.setMaxFileSize(SIZE);
        whenFull.start();
        LogFiles files = new LogFiles(folder);
        files.setContext(context);
        files.start();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("files");
        appender.setFile(files.getActiveFileName());
        appender.setEncoder(encoder);
        appender.setRollingPolicy(files);
        appender.setTriggeringPolicy(whenFull);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        root.setLevel(Level.INFO);
    }

    @Override
    public void rollover() throws RolloverFailure {
        try {
            for (int number = KEPT; number > 0; number--) {
                Path younger = file(number - 1);
                if (Files.exists(younger)) {
                    Files.move(younger, file(number), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new RolloverFailure("the log goes on in the same file", e);
        }
    }

    private Path file(int number) {
        return folder.resolve(number == 0 ? NAME : NAME + "." + number);
    }

    @Override
    public String getActiveFileName() {
        return file(0).toString();
    }

    @Override
    public CompressionMode getCompressionMode() {
        return CompressionMode.NONE;
    }

    @Override
    public void setParent(FileAppender<?> appender) {
        // It needs nothing of it.
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
    }

    @Override
    public boolean isStarted() {
        return started;
    }
}
