package org.charla.connect.deploy;

/** The worker does not answer. */
final class UnreachableException extends DeployException {

    private static final long serialVersionUID = 1L;

    private final boolean perhapsDone;

    UnreachableException(String message, boolean perhapsDone) {
        super(ExitStatus.UNREACHABLE, message);
        this.perhapsDone = perhapsDone;
    }

    /** Whether the request may have reached the worker: nobody knows then whether it was carried out. */
    boolean perhapsDone() {
        return perhapsDone;
    }
}
