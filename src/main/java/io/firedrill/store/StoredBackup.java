package io.firedrill.store;

import java.util.Optional;

/** One store's copy of a backup and the newest verdict on it. */
public record StoredBackup(Manifest manifest, Optional<Verdict> verdict) {}
