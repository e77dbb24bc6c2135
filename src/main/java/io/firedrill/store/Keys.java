package io.firedrill.store;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The age identities that seal and open backups, from a key file, from a key management service, or both. To change the key, put a new identity first in the file and leave the
 * old ones below it: the first seals what is written from now on, every one opens what it sealed.
 */
public final class Keys {
    private static final Keys NONE = new Keys(List.of());

    private final List<AgeIdentity> identities;
    private final Optional<KeyService> service;
    private final Optional<WrappedKey> ownKey;

    private Keys(List<AgeIdentity> identities, Optional<KeyService> service, Optional<WrappedKey> ownKey) {
        this.identities = List.copyOf(identities);
        this.service = service;
        this.ownKey = ownKey;
    }

    private Keys(List<AgeIdentity> identities) {
        this(identities, Optional.empty(), Optional.empty());
    }

    /** The plan's keys; {@link #none()} when the plan does not encrypt. */
    public static Keys of(RecoveryPlan plan) {
        Keys file = plan.encryption().flatMap(EncryptionPlan::keyFile).map(Keys::read).orElse(NONE);
        return plan.encryption()
                .flatMap(EncryptionPlan::kms)
                .map(kms -> new Keys(file.identities, Optional.of(new KeyService(kms)), Optional.empty()))
                .orElse(file);
    }

    /**
     * What seals the parts of one attempt at one backup. With a key management service that is a new identity, wrapped by
     * it; {@link #wrapped} is then to be stored as a part with the role {@code key}. Failures {@code kms-unreachable}
     * (passing), {@code kms-refused} (lasting).
     */
    public Keys forBackup(BackupId id) {
        return service.isEmpty() ? this : new Keys(identities, service, service.map(kms -> kms.newKey(id)));
    }

    /** The wrapped identity as it is to be stored; empty without a key management service. */
    public Optional<byte[]> wrapped() {
        return ownKey.map(WrappedKey::wrapped);
    }

    /** How the wrapped identity was made, for the manifest: {@code aws-kms:REGION}. */
    public List<String> wrapping() {
        return service.map(kms -> List.of(kms.encoding())).orElse(List.of());
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
        return !identities.isEmpty() || service.isPresent();
    }

    /** Public halves (age1…) of the identities that seal, each of which opens; empty when nothing is encrypted. */
    public List<String> recipients() {
        return sealers().map(AgeIdentity::recipient).toList();
    }

    private Stream<AgeIdentity> sealers() {
        return Stream.concat(ownKey.map(WrappedKey::identity).stream(), identities.stream().limit(1));
    }

    /** Public halves of the key file's identities. */
    List<String> held() {
        return identities.stream().map(AgeIdentity::recipient).toList();
    }

    /** Whether one of these identities opens what was sealed for these recipients; what is not sealed needs none. */
    public boolean opens(List<String> recipients) {
        return recipients.isEmpty() || identities.stream().map(AgeIdentity::recipient).anyMatch(recipients::contains);
    }

    /** The public halves of all identities, the sealing one first. */
    public List<String> allRecipients() {
        return identities.stream().map(AgeIdentity::recipient).toList();
    }

    List<RecipientStanzaWriter> sealing() throws GeneralSecurityException {
        if (service.isPresent() && ownKey.isEmpty()) {
            throw new IllegalStateException("with a key management service every backup has a key of its own");
        }
        List<RecipientStanzaWriter> writers = new ArrayList<>();
        for (String recipient : recipients()) {
            writers.add(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient));
        }
        return writers;
    }

    /** What may open the object: the key file's identities, and those that lie wrapped beside it. */
    List<RecipientStanzaReader> opening(Store store, String key) throws GeneralSecurityException {
        List<RecipientStanzaReader> readers = new ArrayList<>();
        for (AgeIdentity identity : identities) {
            readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity.secret()));
        }
        for (AgeIdentity identity : unwrapped(store, key)) {
            readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity.secret()));
        }
        return readers;
    }

    private List<AgeIdentity> unwrapped(Store store, String key) {
        if (service.isEmpty()) {
            return List.of();
        }
        try {
            return service.get().beside(store, key);
        } catch (FailureException e) {
            if (identities.isEmpty()) {
                throw e;
            }
            // The key file may open it: a recovery must not depend on the service then.
            return List.of();
        }
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
