package io.firedrill.plan;

import java.nio.file.Path;

/** Who is told. */
public sealed interface NotifyTarget {
    /** Slack-compatible incoming webhook; the file holds its URL, which is a secret. */
    record Slack(Path urlFile) implements NotifyTarget {}
}
