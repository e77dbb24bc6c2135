package io.firedrill.store;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import io.firedrill.failure.Failure;
import io.firedrill.plan.EncryptionPlan;
import io.firedrill.plan.RecoveryPlan;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The age identities that seal and open backups. To change the key, put a new identity first in the file and leave the
 * old ones below it: the first seals what is written from now on, every one opens what it sealed.
 */
public final class Keys {
    private static final Keys NONE = new Keys(List.of());

    private final List<AgeIdentity> identities;

    private Keys(List<AgeIdentity> identities) {
        this.identities = List.copyOf(identities);
    }

    /** The plan's keys; {@link #none()} when the plan does not encrypt. */
    public static Keys of(RecoveryPlan plan) {
        return plan.encryption().map(EncryptionPlan::keyFile).map(Keys::read).orElse(NONE);
    }

    /** Backups are compressed but not encrypted. */
    public static Keys none() {
        return NONE;
    }

    /** Reads an age identity file. Lasting failures {@code key-missing}, {@code key-unreadable}. */
    public static Keys read(Path file) {
        List<AgeIdentity> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    found.add(AgeIdentity.parse(line.strip()));
                }
            }
        } catch (IOException e) {
            throw failure("key-missing", file, "cannot be read: " + e, e);
        } catch (GeneralSecurityException e) {
            throw failure("key-unreadable", file, "has a line that is no age identity (AGE-SECRET-KEY-1…).", e);
        }
        if (found.isEmpty()) {
            throw failure("key-unreadable", file, "holds no age identity (AGE-SECRET-KEY-1…).", null);
        }
        return new Keys(found);
    }

    /** Makes a new identity file that only its owner can read; an existing file is never touched ({@code key-exists}). */
    public static Keys generate(Path file) {
        try {
            AgeIdentity identity = AgeIdentity.generate();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, "# created: %s%n# public key: %s%n%s%n"
                    .formatted(Instant.now(), identity.recipient(), identity.secret()));
            return new Keys(List.of(identity));
        } catch (FileAlreadyExistsException e) {
            throw failure("key-exists", file, "is there already.", e);
        } catch (IOException | GeneralSecurityException e) {
            throw failure("key-unwritable", file, "could not be made: " + e, e);
        }
    }

    public boolean encrypting() {
        return !identities.isEmpty();
    }

    /** Public half (age1…) of the identity that seals; empty when nothing is encrypted. */
    public List<String> recipients() {
        return identities.stream().limit(1).map(AgeIdentity::recipient).toList();
    }

    List<RecipientStanzaWriter> sealing() throws GeneralSecurityException {
        return List.of(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(identities.get(0).recipient()));
    }

    List<RecipientStanzaReader> opening() throws GeneralSecurityException {
        List<RecipientStanzaReader> readers = new ArrayList<>();
        for (AgeIdentity identity : identities) {
            readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity.secret()));
        }
        return readers;
    }

    private static RuntimeException failure(
            String code, Path file, String what, @org.jspecify.annotations.Nullable Exception cause) {
        Failure failure = new Failure(
                code,
                "The key file %s %s".formatted(file, what),
                "Without the key no backup can be written or opened; those in the stores are untouched.",
                "Put the key file back (every key that ever sealed a backup you want to keep), or name another one under"
                        + " encryption.keyFile in the plan.");
        return cause == null ? failure.lasting() : failure.lasting(cause);
    }

    /** Never shows a secret. */
    @Override
    public String toString() {
        return "Keys" + recipients();
    }
}
