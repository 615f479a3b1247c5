package org.charla.client.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.LogManager;
import org.charla.client.chat.Conversation;
import org.charla.client.chat.Notice;
import org.charla.client.chat.View;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/**
 * Holds a conversation at a terminal. The conversation lives in a thread of its own, which other threads reach by
 * {@link #execute} and {@link #executeAndWait}; another one reads what is typed.
 */
public final class ChatTerminal implements Executor, AutoCloseable {

    /** How long messages may be on their way when there is nothing more to read. */
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(30);

    /** How often what is always seen is looked at although nothing happens, in milliseconds. */
    private static final long TICK_MS = 1_000;

    /** How long the threads are waited for, one of which may be in the middle of a line, in milliseconds. */
    private static final long FAREWELL_MS = 1_000;

    private final Tty tty;
    private final boolean edited;
    /** Nobody sees what is asked. */
    private final boolean piped;
    private final Phrases phrases;
    private final Layout layout;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    /** What the reader waits for where no line can be edited further: that the conversation takes another one. */
    private volatile CompletableFuture<Void> room = CompletableFuture.completedFuture(null);
    private volatile RuntimeException failure;
    private volatile Conversation conversation;
    private ChatView view;

    /**
     * Made in the conversation's thread, read in the reader's: which can't ask, since it holds the lock that the
     * conversation needs to be shown.
     */
    private volatile Completions completions = Completions.NONE;

    private ChatTerminal(Tty tty, boolean edited, boolean piped, Phrases phrases, Layout layout) {
        this.tty = tty;
        this.edited = edited;
        this.piped = piped;
        this.phrases = phrases;
        this.layout = layout;
    }

    /**
     * Opens the terminal of this process. Where there is none, or one that can't move its cursor, lines are read and
     * written one below the other.
     *
     * @param console where lines are read and written then
     */
    public static ChatTerminal open(Phrases phrases, ZoneId zone, boolean colour, Console console) throws IOException {
        String type = System.getenv("TERM");
        if (!console.isInteractive() || type == null || type.startsWith("dumb")) {
            Tty plain = new PlainTty(console);
            return new ChatTerminal(plain, false, !console.isAnswered(), phrases,
                    new Layout(phrases.locale(), zone, false, plain::columnsOf));
        }
        // Otherwise JLine switches the character set for lines that others draw, which no copy of a screen understands.
        System.setProperty("org.jline.utils.disableAlternateCharset", "true");
        // Otherwise one Ctrl-C is both a signal and a key.
        System.setProperty("org.jline.terminal.softwareSignals", "false");
        // Otherwise it says on the screen what it doesn't know of this terminal.
        LogManager.getLogManager().reset();
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(false)
                .encoding(UTF_8).graphemeCluster(false).build();
        ChatKeys keys = new ChatKeys();
        Tty edited = EditedTty.open(terminal, keys, keys);
        ChatTerminal chat = new ChatTerminal(edited, true, false, phrases,
                new Layout(phrases.locale(), zone, colour, edited::columnsOf));
        keys.terminal = chat;
        return chat;
    }

    /**
     * Asks for a line before there is a conversation.
     *
     * @return empty where there is nothing more to read, or the person wants to leave
     */
    public Optional<String> ask(String question) {
        boolean interrupted = false;
        while (true) {
            tty.show(List.of(), List.of(new AttributedString(question)));
            try {
                return Optional.ofNullable(tty.read(null, true));
            } catch (InterruptedException e) {
                if (interrupted && e.getMessage().isEmpty()) {
                    return Optional.empty();
                }
                interrupted = true;
                say(phrases.of(Notice.INTERRUPT_AGAIN));
            }
        }
    }

    /** Shows a line. */
    public void say(String line) {
        tty.show(layout.notice(line, tty.columns()), List.of());
    }

    /**
     * Holds a conversation until it is over.
     *
     * @param begin makes the conversation that is seen here
     * @param started does what comes first, in the conversation's thread
     * @return the conversation, which is over
     */
    public Conversation converse(Function<View, Conversation> begin, Consumer<Conversation> started) {
        view = new ChatView(tty, phrases, layout, placed -> conversation.mentionsMe(placed),
                (author, cut) -> conversation.idBeside(author, cut), id -> conversation.known(id));
        conversation = begin.apply(view);
        tty.attend();
        execute(() -> started.accept(conversation));
        Thread live = daemon("charla-conversation", this::live);
        Thread reader = daemon("charla-reader", this::read);
        ended.join();
        tty.stop();
        try {
            live.join(FAREWELL_MS);
            reader.join(FAREWELL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return conversation;
    }

    /** Starts a thread whose failure is the conversation's, and whose end is. */
    private Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                failure = e;
            } catch (Error e) {
                // A want of memory, as a rule.
                failure = new IllegalStateException(e);
            } finally {
                ended.complete(null);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Ends the conversation for a reason that is thrown by {@link #converse}. */
    public void fail(RuntimeException reason) {
        execute(() -> {
            throw reason;
        });
    }

    /** Does something in the conversation's thread. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Does something in the conversation's thread and waits for it; where it has ended, nothing is done. */
    public void executeAndWait(Runnable task) {
        call(() -> {
            task.run();
            return null;
        });
    }

    private <T> T call(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> result.complete(task.get()));
        CompletableFuture.anyOf(result, ended).join();
        return result.getNow(null);
    }

    private void live() {
        try {
            while (!conversation.isOver() && !ended.isDone()) {
                Runnable task = tasks.poll(TICK_MS, TimeUnit.MILLISECONDS);
                while (task != null && !conversation.isOver()) {
                    task.run();
                    task = tasks.poll();
                }
                conversation.tick();
                if (conversation.hasRoom()) {
                    room.complete(null);
                }
                completions = new Completions(List.copyOf(Conversation.commands()),
                        conversation.channelNames(), conversation.nicks());
                view.flush(conversation.status());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        String draft = null;
        boolean atEnd = false;
        while (!ended.isDone()) {
            String line;
            try {
                if (!edited) {
                    awaitRoom();
                }
                // Null where it has ended meanwhile.
                line = tty.read(draft, Boolean.TRUE.equals(call(conversation::asksForChannel)));
            } catch (InterruptedException e) {
                draft = null;
                executeAndWait(() -> conversation.interrupted(e.getMessage()));
                continue;
            }
            if (line != null) {
                draft = call(() -> take(withoutEnd(line)).orElse(null));
                if (conversation.isOver()) {
                    return;
                }
            } else if (!edited) {
                execute(conversation::inputEnded);
                awaitEnd();
                return;
            } else if (atEnd) {
                return;
            } else {
                executeAndWait(conversation::quit);
            }
            atEnd = line == null;
        }
    }

    private Optional<String> take(String line) {
        return piped ? conversation.piped(line) : conversation.typed(line);
    }

    /** What comes from a pipe comes faster than it can be sent, and waits there. */
    private void awaitRoom() {
        CompletableFuture<Void> awaited = new CompletableFuture<>();
        room = awaited;
        execute(() -> { });
        CompletableFuture.anyOf(awaited, ended).join();
    }

    /** The end of the last line that was pasted is no part of the text. */
    private static String withoutEnd(String line) {
        return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    }

    private void awaitEnd() {
        try {
            ended.get(LAST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // What is still on its way is counted.
        }
    }

    @Override
    public void close() {
        tty.close();
    }

    /** The keys and completions of a conversation that begins after the terminal was opened. */
    private static final class ChatKeys implements EditedTty.Keys, Offers {

        private ChatTerminal terminal;

        private void tell(Consumer<Conversation> what) {
            if (terminal.conversation != null) {
                terminal.execute(() -> what.accept(terminal.conversation));
            }
        }

        @Override
        public void switchBy(int steps) {
            tell(conversation -> conversation.switchBy(steps));
        }

        @Override
        public void switchTo(int number) {
            tell(conversation -> conversation.switchTo(number));
        }

        @Override
        public void switchToUnread() {
            tell(Conversation::switchToUnread);
        }

        @Override
        public void older() {
            tell(Conversation::older);
        }

        @Override
        public void chooseBy(int steps) {
            tell(conversation -> conversation.chooseBy(steps));
        }

        @Override
        public List<String> of(String word, List<String> words) {
            return terminal.completions.of(word, words);
        }
    }
}
