package org.charla.connect.deploy;

/** How a command ends. */
final class ExitStatus {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int DIFFERENT = 3;
    static final int UNREACHABLE = 4;

    private ExitStatus() {
    }
}
