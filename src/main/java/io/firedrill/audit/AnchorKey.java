package io.firedrill.audit;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** The Ed25519 key that signs anchors. Its file is PKCS#8 in PEM, as {@code openssl genpkey -algorithm ed25519} writes it. */
public final class AnchorKey {
    private static final String ALGORITHM = "Ed25519";
    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
    private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PrivateKey secret;
    private final PublicKey open;

    private AnchorKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    /** The file's key; a new one, which only the file's owner can read, when there is no file. */
    public static AnchorKey ofFile(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), ".key", "",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                byte[] made = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair().getPrivate().getEncoded();
                Files.writeString(whole, pem("PRIVATE KEY", made));
                Files.move(whole, file);
            }
            PrivateKey secret = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes(Files.readString(file))));
            return new AnchorKey(secret, publicOf((EdECPrivateKey) secret));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure("bad-audit-key", "%s is no Ed25519 key.".formatted(file),
                            "Nothing can be signed with it; the audit trail itself goes on.",
                            "Make one: openssl genpkey -algorithm ed25519 -out %s".formatted(file))
                    .lasting(e);
        }
    }

    private static PublicKey publicOf(EdECPrivateKey secret) throws GeneralSecurityException {
        byte[] point = new Ed25519PrivateKeyParameters(secret.getBytes().orElseThrow(), 0).generatePublicKey().getEncoded();
        byte[] encoded = new byte[PUBLIC_PREFIX.length + point.length];
        System.arraycopy(PUBLIC_PREFIX, 0, encoded, 0, PUBLIC_PREFIX.length);
        System.arraycopy(point, 0, encoded, PUBLIC_PREFIX.length, point.length);
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Failure {@code bad-audit-key} when it is none. */
    static PublicKey publicKey(String pem) {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes(pem)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure("bad-audit-key", "That is no Ed25519 public key in PEM.", "Nothing was verified.",
                            "Take the file that firedrill audit key printed.")
                    .lasting(e);
        }
    }

    private static byte[] bytes(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", "").strip());
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    }

    /** SubjectPublicKeyInfo in PEM, for auditors. */
    public String publicPem() {
        return pem("PUBLIC KEY", open.getEncoded());
    }

    /** The first 16 hex digits of the SHA-256 of the public key's DER. */
    public String id() {
        return id(open);
    }

    static String id(PublicKey key) {
        return Digests.of(key.getEncoded()).substring(0, 16);
    }

    byte[] sign(String text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean signed(PublicKey key, String text, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
