package org.charla.client.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.signature.SigningKey;

/**
 * A person's keys on this machine: for each user id a file {@code charla/keys/<user>.pem} in the folder for such things
 * (XDG Base Directory Specification: {@code XDG_DATA_HOME} where that is absolute, else {@code HOME}), which nobody else
 * may read. Several processes may use it at once. Every method throws a {@link CommandFailure} where the folder or a
 * file of it can't be used.
 */
public final class KeyFolder {

    private static final Set<PosixFilePermission> ALL_OF_OTHERS = EnumSet.range(
            PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> WRITING_OF_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** Null where nothing says which it is. */
    private final Path folder;

    /** Makes nothing yet. */
    public KeyFolder(Map<String, String> environment) {
        Path own = PersonalFiles.folder(environment, "XDG_DATA_HOME", "share");
        folder = own.isAbsolute() ? own.resolve("keys") : null;
    }

    /** Where the key of this user is, or would be. */
    public Path file(String userId) {
        if (folder == null) {
            throw new CommandFailure("neither XDG_DATA_HOME nor HOME says where keys are kept: set one of them");
        }
        return folder.resolve(PersonalFiles.name(userId) + ".pem");
    }

    /** The key of this user, if there is one here. */
    public Optional<SigningKey> find(String userId) {
        Path file = file(userId);
        byte[] bytes;
        try {
            requireClosedToOthers(file, ALL_OF_OTHERS, "600");
            requireClosedToOthers(folder, WRITING_OF_OTHERS, "700");
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(PemKey.LONGEST + 1);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure("the key " + file + " can't be read (" + reason(e) + "): make it readable for you,"
                    + " or set XDG_DATA_HOME to a folder of your own", e);
        }
        try {
            return Optional.of(PemKey.read(new String(bytes, US_ASCII)));
        } catch (PemKey.UnfitException e) {
            throw new CommandFailure(file + " is no key: " + e.getMessage()
                    + "; bring the right one with charla identity import FILE --replace", e);
        }
    }

    private static void requireClosedToOthers(Path path, Set<PosixFilePermission> forbidden, String mode)
            throws IOException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(path);
        } catch (UnsupportedOperationException e) {
            // There it is the system's business.
            return;
        }
        if (permissions.stream().anyMatch(forbidden::contains)) {
            throw new CommandFailure("others may " + (forbidden == ALL_OF_OTHERS ? "use the key " : "put keys into ")
                    + path + ": close it to them with chmod " + mode + " " + path);
        }
    }

    /** The key of this user, made now if there is none. */
    public SigningKey obtain(String userId) {
        Optional<SigningKey> found = find(userId);
        if (found.isPresent()) {
            return found.get();
        }
        SigningKey made = SigningKey.generate();
        // Who was quicker has made it for all.
        return add(userId, made) ? made : find(userId).orElseThrow(() ->
                new CommandFailure("the key " + file(userId) + " was removed in this moment: try again"));
    }

    /**
     * Keeps a key where there is none.
     *
     * @return false where there is one, which stays
     */
    public boolean add(String userId, SigningKey key) {
        return write(userId, key, false);
    }

    /** Keeps a key in place of the one that there may be. */
    public void replace(String userId, SigningKey key) {
        write(userId, key, true);
    }

    /** At once or not at all, for processes that look at the same time and for a power that fails. */
    private boolean write(String userId, SigningKey key, boolean replace) {
        Path file = file(userId);
        try {
            makeFolder();
            Path whole = Files.createTempFile(folder, ".", ".new", forOwner(folder, "rw-------"));
            try {
                PersonalFiles.write(whole, PemKey.write(key));
                if (replace) {
                    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    putWhereNoneIs(whole, file);
                }
            } finally {
                Files.deleteIfExists(whole);
            }
            flush(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            throw new CommandFailure("the key of " + userId + " can't be kept in " + folder + " (" + reason(e)
                    + "): make it writable for you, or set XDG_DATA_HOME to a folder of your own", e);
        }
    }

    private static void putWhereNoneIs(Path whole, Path file) throws IOException {
        try {
            // Unlike a move, it can't take another's place.
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without links: the next best.
            Files.move(whole, file);
        }
    }

    private void makeFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.getParent());
            try {
                Files.createDirectory(folder, forOwner(folder.getParent(), "rwx------"));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw new IOException(folder + " is no folder", e);
                }
            }
        }
        requireClosedToOthers(folder, WRITING_OF_OTHERS, "700");
    }

    /**
     * What lets nobody but its owner at a file that is made; nothing where the file system knows no owners.
     *
     * @param folder where it is made
     */
    public static FileAttribute<?>[] forOwner(Path folder, String permissions) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }

    /** So that the name is there after a power failure, where the system lets a folder be opened. */
    private static void flush(Path folder) {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        } catch (IOException e) {
            // Then it is as safe as the file system makes it.
        }
    }

    /** What went wrong with a file, as a part of a sentence: Java says of most only the file's name. */
    public static String reason(Exception e) {
        String kind = e.getClass().getSimpleName().replaceAll("Exception$", "");
        if (e instanceof FileSystemException system) {
            return system.getReason() == null ? kind : system.getReason();
        }
        return e.getMessage() == null ? kind : e.getMessage();
    }
}
