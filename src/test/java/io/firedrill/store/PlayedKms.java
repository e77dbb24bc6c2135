package io.firedrill.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.firedrill.plan.EncryptionPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks AWS KMS's wire format for Encrypt and Decrypt with one real AES-256-GCM key; no server of AWS's can be had
 * offline. Signatures are not checked.
 */
public final class PlayedKms implements AutoCloseable {
    public static final String KEY = "alias/backups";
    private static final int NONCE = 12;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final SecretKeySpec master;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String refusal = "";

    public PlayedKms() throws IOException {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        master = new SecretKeySpec(key, "AES");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public EncryptionPlan.Kms plan(Path folder) throws IOException {
        Path credentials = Files.writeString(folder.resolve("kms-credentials"), """
                [default]
                aws_access_key_id = any
                aws_secret_access_key = any
                """);
        return new EncryptionPlan.Kms(KEY, "eu-central-1", Optional.of(endpoint()), Optional.of(credentials));
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The operations asked for, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** From now on every call is refused with this exception of AWS's; empty: no longer. */
    public void refuse(String exception) {
        refusal = exception;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("TrentService.", "");
        asked.add(operation);
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        ObjectNode answer = JSON.createObjectNode();
        int status = 200;
        try {
            if (!refusal.isEmpty()) {
                throw new GeneralSecurityException(refusal);
            }
            byte[] context = JSON.writeValueAsBytes(request.path("EncryptionContext"));
            if (operation.equals("Encrypt")) {
                answer.put("CiphertextBlob", base64(wrap(bytes(request, "Plaintext"), context)));
            } else {
                answer.put("Plaintext", base64(unwrap(bytes(request, "CiphertextBlob"), context)));
            }
            answer.put("KeyId", "arn:aws:kms:eu-central-1:111122223333:key/1234");
        } catch (GeneralSecurityException e) {
            status = 400;
            answer.put("__type", refusal.isEmpty() ? "InvalidCiphertextException" : refusal).put("message", "no");
        }
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private byte[] wrap(byte[] plain, byte[] context) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain);
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return all;
    }

    private byte[] unwrap(byte[] wrapped, byte[] context) throws GeneralSecurityException {
        byte[] nonce = Arrays.copyOf(wrapped, NONCE);
        return cipher(Cipher.DECRYPT_MODE, nonce, context).doFinal(wrapped, NONCE, wrapped.length - NONCE);
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, master, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    private static byte[] bytes(JsonNode request, String member) {
        return Base64.getDecoder().decode(request.path(member).asString().getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
