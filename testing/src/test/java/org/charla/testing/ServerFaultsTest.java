package org.charla.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ServerFaultsTest {

    @Test
    void assertsWhatAServerReportedInAThreadOfItsOwn() throws InterruptedException {
        ServerFaults faults = new ServerFaults();
        faults.assertNone();
        Thread server = new Thread(() -> {
            faults.accept("the disk is full", new IllegalStateException());
            faults.accept("the log is gone", null);
        });
        server.start();
        server.join();

        assertThatThrownBy(() -> faults.afterEach(null)).hasMessage("the disk is full")
                .hasCauseInstanceOf(IllegalStateException.class)
                .satisfies(fault -> assertThatThrownBy(() -> {
                    throw fault.getSuppressed()[0];
                }).hasMessage("the log is gone"));
        faults.afterAll(null);
    }
}
