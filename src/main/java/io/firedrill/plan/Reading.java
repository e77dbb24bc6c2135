package io.firedrill.plan;

import java.nio.file.Path;

/**
 * What the readers of one plan file's parts share.
 *
 * @param folder the plan file's, absolute; relative paths start there
 * @param claims which databases and folders are taken already
 */
record Reading(Path folder, Mistakes mistakes, Claims claims) {}
