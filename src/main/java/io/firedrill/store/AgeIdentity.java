package io.firedrill.store;

import com.exceptionfactory.jagged.bech32.Bech32;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Locale;
import javax.crypto.KeyAgreement;

/**
 * One X25519 identity of an age key file.
 *
 * @param secret {@code AGE-SECRET-KEY-1…}
 * @param recipient {@code age1…}
 */
record AgeIdentity(String secret, String recipient) {
    private static final String SECRET_PREFIX = "AGE-SECRET-KEY-";
    private static final String RECIPIENT_PREFIX = "age";
    private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

    static AgeIdentity generate() throws GeneralSecurityException {
        byte[] key = new byte[32];
        SecureRandom.getInstanceStrong().nextBytes(key);
        return of(Bech32.getEncoder().encode(SECRET_PREFIX, key).toString().toUpperCase(Locale.ROOT), key);
    }

    static AgeIdentity parse(String secret) throws GeneralSecurityException {
        try {
            var address = Bech32.getDecoder().decode(secret);
            byte[] key = address.getData();
            if (!SECRET_PREFIX.equalsIgnoreCase(address.getHumanReadablePart().toString()) || key.length != 32) {
                throw new GeneralSecurityException("not an X25519 identity");
            }
            return of(secret, key);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Bech32", e);
        }
    }

    private static AgeIdentity of(String secret, byte[] key) throws GeneralSecurityException {
        return new AgeIdentity(secret, Bech32.getEncoder().encode(RECIPIENT_PREFIX, publicHalf(key)).toString());
    }

    /** X25519 of the secret with the base point is, by definition, the public key. */
    private static byte[] publicHalf(byte[] key) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("X25519");
        PrivateKey secret = factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, key));
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(secret);
        agreement.doPhase(factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_POINT)), true);
        return agreement.generateSecret();
    }

    @Override
    public String toString() {
        return recipient;
    }
}
