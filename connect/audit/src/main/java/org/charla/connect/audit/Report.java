package org.charla.connect.audit;

/** Tells somebody how an audit goes. */
interface Report {

    /** How far it is: records of how many. */
    void progress(Findings findings, long records, long of);

    void difference(Findings findings, Difference difference);

    /** What is missing next is not missing in one piece with what was before. */
    void gapEnded(Findings findings);

    /** A topic is judged. */
    void judged(Findings findings);

    /** A topic can't be judged, or not to its end. */
    void failed(Findings findings, String reason);

    /** Nothing more comes. */
    void ended();
}
