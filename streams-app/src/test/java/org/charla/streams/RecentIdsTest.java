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
            assertThat(ids.add(id, NOW + 7_777)).as("the first time").isFalse();
            assertThat(ids.add(id, NOW + 7_777 + later)).as("%d ms later", later).isTrue();
        }
        ids.add("bob:m1", NOW + 7_777);
        assertThat(ids.add("bob:m1", NOW - 1)).as("where the clock steps back").isTrue();
    }

    @Test
    void doesNotMindWhatLiesTwoBucketsBack() {
        ids.add("alice:m1", NOW);
        assertThat(ids.add("alice:m1", NOW + 2 * BUCKET)).isFalse();
    }

    @Test
    void takesEverythingForKnownThatLiesFartherBackThanItRemembers() {
        ids.add("alice:m1", NOW);
        ids.add("alice:m2", NOW + 3 * BUCKET);
        assertThat(ids.add("bob:m1", NOW)).isTrue();
        assertThat(ids.add("bob:m2", NOW + 3 * BUCKET)).isFalse();
    }

    @Test
    void takesEverythingForKnownThatItWasToldToForget() {
        ids.add("alice:m1", NOW);
        ids.add("alice:m2", NOW + 2 * BUCKET);
        ids.forgetUpTo(NOW + 1);
        assertThat(ids.add("bob:m1", NOW + BUCKET)).as("next to what is forgotten").isTrue();
        assertThat(ids.add("bob:m2", NOW + 2 * BUCKET)).isFalse();
    }

    @Test
    void takesFewNewIdsForKnownOnes() {
        int mistaken = 0;
        for (int i = 0; i < 500_000; i++) {
            mistaken += ids.add("user" + i % 1_000 + ":m" + i, NOW) ? 1 : 0;
        }
        assertThat(mistaken).isLessThan(1_000);
    }
}
