package io.firedrill.store;

import java.util.Optional;

/** One store's copy of a backup, the newest verdict on it and the newest word on its legal hold. */
public record StoredBackup(Manifest manifest, Optional<Verdict> verdict, Optional<Hold> hold) {}
