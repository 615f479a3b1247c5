package org.charla.proof;

import java.util.HashMap;
import java.util.Map;

/**
 * Judges each raw event again, and looks for what became of it in all that Charla wrote. Where the contract leaves a
 * freedom, each outcome is right, but exactly one of them. To be asked once all is written and nothing in flight; not
 * thread-safe.
 *
 * <p>Of each event it keeps some 100 bytes at most, not what it says; of one channel at a time also its documents.
 */
final class Oracle {

    static final String RAW = "chat.raw";
    static final String CHANNEL = "chat.channel.";
    static final String USERS = "chat.users";
    static final String CHANNELS = "chat.channels";
    static final String REJECTED = "chat.rejected";
    static final String REFUSALS = "chat.refusals";
    static final String DEAD_LETTERS = "chat.sink.dlq";

    /**
     * What the operator of the pipeline has set, and how exact the times are.
     *
     * @param windowMs the deduplication window
     * @param slackMs for how long what held in a channel before a rule, or will behind it, may hold as well
     * @param flood how many events of a user are let pass at once
     */
    record Settings(long windowMs, long slackMs, int flood) {
    }

    private final Logs logs;
    private final Documents documents;
    private final Ledger ledger;
    private final Settings settings;
    private final Findings findings = new Findings();
    private final Tally tally = new Tally();

    /**
     * @param logs the topics
     * @param documents MongoDB
     * @param ledger what became of what was written
     */
    Oracle(Logs logs, Documents documents, Ledger ledger, Settings settings) {
        this.logs = logs;
        this.documents = documents;
        this.ledger = ledger;
        this.settings = settings;
    }

    /** What was judged, and what became of it. */
    Tally tally() {
        return tally;
    }

    /** All that is wrong; nothing is where all is right. */
    Findings judge() {
        Outputs outputs = new Outputs(logs, findings);
        outputs.read();
        Map<String, UserChange> profiles = new HashMap<>();
        for (int partition = 0; partition < logs.partitions(RAW); partition++) {
            new PartitionJudge(partition, logs, outputs, ledger, settings, findings, tally).judge(profiles);
        }
        outputs.requireAllClaimed();
        if (tally.refusedAltogether() < outputs.refused()) {
            findings.add(Findings.Kind.FROM_NOWHERE,
                    outputs.refused() - tally.refusedAltogether() + " in " + REJECTED + " name no raw record");
        }
        readDeadLetters();
        new DocumentsCheck(logs, documents, findings, tally).check(profiles, outputs.channelNames());
        return findings;
    }

    private void readDeadLetters() {
        if (!logs.topics().contains(DEAD_LETTERS)) {
            return;
        }
        for (int partition = 0; partition < logs.partitions(DEAD_LETTERS); partition++) {
            logs.read(DEAD_LETTERS, partition, record -> findings.add(Findings.Kind.DEAD_LETTER, Outputs.place(record)
                    + ", of " + Outputs.header(record.headers(), "__connect.errors.topic") + ": "
                    + Outputs.header(record.headers(), "__connect.errors.exception.message")));
        }
    }
}
