package org.charla.connect.deploy;

/** The worker answers that it does not do what it was asked. */
final class RefusedException extends DeployException {

    private static final long serialVersionUID = 1L;

    private final int httpStatus;
    private final boolean passing;

    RefusedException(int httpStatus, boolean passing, String message) {
        super(message);
        this.httpStatus = httpStatus;
        this.passing = passing;
    }

    int httpStatus() {
        return httpStatus;
    }

    /** Whether the worker may do it a little later: it is sharing out tasks, or something behind it is slow. */
    boolean isPassing() {
        return passing;
    }
}
