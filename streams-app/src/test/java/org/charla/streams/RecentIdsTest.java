package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentIdsTest {

    private static final long BUCKET = 60_000;
    private static final long NOW = 1_763_791_200_000L / BUCKET * BUCKET;

    private final RecentIds ids = new RecentIds(BUCKET);

    @Test
    void knowsWhatWasAddedWithinABucketsLengthBeforeOrBehindIt() {
        for (long later = 0; later <= BUCKET; later += 1_000) {
            String id = "alice:m" + later;
            assertThat(add(id, NOW + 7_777)).as("the first time").isFalse();
            assertThat(add(id, NOW + 7_777 + later)).as("%d ms later", later).isTrue();
        }
        add("bob:m1", NOW + 7_777);
        assertThat(add("bob:m1", NOW - 1)).as("where the clock steps back").isTrue();
    }

    @Test
    void doesNotMindWhatLiesTwoBucketsBack() {
        add("alice:m1", NOW);
        assertThat(add("alice:m1", NOW + 2 * BUCKET)).isFalse();
    }

    @Test
    void takesEverythingForKnownThatLiesFartherBackThanItRemembers() {
        add("alice:m1", NOW);
        add("alice:m2", NOW + 3 * BUCKET);
        assertThat(add("bob:m1", NOW)).isTrue();
        assertThat(add("bob:m2", NOW + 3 * BUCKET)).isFalse();
    }

    @Test
    void takesEverythingForKnownThatItWasToldToForget() {
        add("alice:m1", NOW);
        add("alice:m2", NOW + 2 * BUCKET);
        ids.forgetUpTo(NOW + 1);
        assertThat(add("bob:m1", NOW + BUCKET)).as("next to what is forgotten").isTrue();
        assertThat(add("bob:m2", NOW + 2 * BUCKET)).isFalse();
    }

    @Test
    void takesFewNewIdsForKnownOnes() {
        int mistaken = 0;
        for (int i = 0; i < 500_000; i++) {
            mistaken += add("user" + i % 1_000 + ":m" + i, NOW) ? 1 : 0;
        }
        assertThat(mistaken).isLessThan(1_000);
    }

    /** Adds an id; whether it may have been there before. */
    private boolean add(String id, long time) {
        boolean mayBeKnown = ids.mayContain(id, time);
        ids.add(id, time);
        return mayBeKnown;
    }
}
