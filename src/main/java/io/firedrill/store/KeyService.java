package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.EncryptionPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/**
 * AWS KMS, which wraps and unwraps the age identities of backups. What it wraps is the identity as a line of text, so that
 * {@code aws kms decrypt} alone gives a key file for {@code age}. The backup's id goes along as encryption context: a
 * wrapped key moved to another backup does not open.
 */
final class KeyService {
    static final String CONTEXT = "firedrill-backup";
    private static final String ROLE = "/key.";
    private static final String ENDING = ".kms";

    private final EncryptionPlan.Kms plan;
    private final KmsClient client;
    /** By the object's key, which names one attempt: asked once, not for every part. */
    private final Map<String, AgeIdentity> known = new ConcurrentHashMap<>();

    KeyService(EncryptionPlan.Kms plan) {
        this.plan = plan;
        KmsClientBuilder builder = KmsClient.builder()
                .region(Region.of(plan.region()))
                .credentialsProvider(S3Clients.credentials(plan.credentialsFile()));
        plan.endpoint().ifPresent(builder::endpointOverride);
        this.client = builder.build();
    }

    String encoding() {
        return "aws-kms:" + plan.region();
    }

    WrappedKey newKey(BackupId id) {
        try {
            AgeIdentity identity = AgeIdentity.generate();
            SdkBytes line = SdkBytes.fromUtf8String(identity.secret() + "\n");
            SdkBytes wrapped = told(() -> client.encrypt(e -> e.keyId(plan.keyId())
                            .plaintext(line)
                            .encryptionContext(Map.of(CONTEXT, id.value())))
                    .ciphertextBlob());
            return new WrappedKey(identity, wrapped.asByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has X25519", e);
        }
    }

    /** The identities that lie wrapped in the folder of this object, its backup's. */
    List<AgeIdentity> beside(Store store, String key) {
        String folder = key.substring(0, key.lastIndexOf('/'));
        String backup = folder.substring(folder.lastIndexOf('/') + 1);
        List<AgeIdentity> identities = new ArrayList<>();
        for (Store.StoredObject object : store.list(folder + ROLE)) {
            if (object.key().endsWith(ENDING)) {
                identities.add(known.computeIfAbsent(
                        store.address() + " " + object.key(), any -> unwrap(backup, read(store, object.key()))));
            }
        }
        return identities;
    }

    private AgeIdentity unwrap(String backup, byte[] wrapped) {
        SdkBytes line = told(() -> client.decrypt(d -> d.keyId(plan.keyId())
                        .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                        .encryptionContext(Map.of(CONTEXT, backup)))
                .plaintext());
        try {
            return AgeIdentity.parse(line.asString(StandardCharsets.UTF_8).strip());
        } catch (GeneralSecurityException e) {
            throw refused("what it unwrapped is no age identity", e);
        }
    }

    private static byte[] read(Store store, String key) {
        try (InputStream in = store.open(key)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("stores tell their failures by themselves", e);
        }
    }

    private <T> T told(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkServiceException e) {
            throw e.statusCode() >= 500 || e.isThrottlingException() ? unreachable(e) : refused(e.getMessage(), e);
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private FailureException refused(String why, Exception cause) {
        return new Failure(
                        "kms-refused",
                        "The key management service did not use the key %s in %s: %s"
                                .formatted(plan.keyId(), plan.region(), why),
                        "No backup can be sealed or opened by it; what is in the stores is untouched.",
                        "Check keyId, region and credentials under encryption.kms in the plan, that the key is enabled,"
                                + " and that it may be used for kms:Encrypt and kms:Decrypt.")
                .lasting(cause);
    }

    private FailureException unreachable(Exception cause) {
        return new Failure(
                        "kms-unreachable",
                        "The key management service in %s does not answer: %s".formatted(plan.region(), cause.getMessage()),
                        "No backup can be sealed or opened by it until it does; what is in the stores is untouched.",
                        "Check the network and encryption.kms.endpoint, then try again. A key file in the plan beside it"
                                + " would open backups without the service.")
                .passing(cause);
    }
}
