package io.firedrill.plan;

import java.util.Set;

/** The names of a service's databases and file sets, in the file's order. */
record Contents(Set<String> databases, Set<String> fileSets) {}
