package io.firedrill.store;

import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * What S3 calls an object's content: the MD5 in hex, of an upload in parts the MD5 of their MD5s and their number. Not so
 * where the server encrypts by KMS: there two equal contents look different, which costs a repetition and nothing else.
 */
final class Etags {
    private Etags() {}

    static String of(byte[] md5) {
        return HexFormat.of().formatHex(md5);
    }

    /** Empty when a part's ETag is no MD5. */
    static String of(List<CompletedPart> parts) {
        var md5 = Digested.md5();
        try {
            parts.forEach(part -> md5.update(HexFormat.of().parseHex(bare(part.eTag()))));
        } catch (IllegalArgumentException e) {
            return "";
        }
        return of(md5.digest()) + "-" + parts.size();
    }

    static boolean same(String one, String other) {
        return bare(one).equalsIgnoreCase(bare(other));
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }
}
