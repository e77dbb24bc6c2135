package io.firedrill.diagnosis;

import io.firedrill.tool.Progress;

/** Collects evidence, read-only, in seconds. */
public interface Diagnosis {
    /** Never throws for a broken service: that it is broken is the evidence. Throws for an unknown service. */
    Evidence collect(String service, Progress progress);
}
