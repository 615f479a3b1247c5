package org.charla.connect.deploy;

/** A command can't do its job. The message is the one line that a person reads, and holds no secret. */
public class DeployException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    DeployException(String message) {
        this(ExitStatus.FAILED, message);
    }

    DeployException(int status, String message) {
        // Without its cause: what libraries say of URLs, headers and files may hold secrets.
        super(message);
        this.status = status;
    }

    /** What the process ends with. */
    int status() {
        return status;
    }
}
