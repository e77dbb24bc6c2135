package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.firedrill.plan.StorePlan;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire for Google Cloud Storage, held against Google's documentation; Google itself is out of reach. */
class GcsRequestsTest {
    @TempDir
    Path folder;

    private HttpServer recorder;
    private Store store;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private record Request(String line, Map<String, String> headers, byte[] body) {}

    @BeforeEach
    void start() throws IOException {
        recorder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        recorder.createContext("/", this::answer);
        recorder.start();
        Path hmac = Files.writeString(folder.resolve("hmac"), """
                [default]
                aws_access_key_id = GOOG1EXAMPLE
                aws_secret_access_key = secret
                """);
        store = Stores.open(new StorePlan.Gcs("gcs", "bucket", "shop",
                URI.create("http://127.0.0.1:" + recorder.getAddress().getPort()), hmac));
    }

    @AfterEach
    void stop() {
        store.close();
        recorder.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(new Request(
                line,
                exchange.getRequestHeaders().entrySet().stream()
                        .collect(Collectors.toMap(e -> e.getKey().toLowerCase(Locale.ROOT), e -> String.join(",", e.getValue()))),
                exchange.getRequestBody().readAllBytes()));
        String body = "";
        if (line.endsWith("?uploads")) {
            body = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>";
        } else if (line.startsWith("POST")) {
            body = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
        } else if (line.contains("list-type=2")) {
            body = "<ListBucketResult><Contents><Key>shop/a</Key><Size>3</Size></Contents></ListBucketResult>";
        }
        exchange.getResponseHeaders().add("ETag", "\"0123456789abcdef0123456789abcdef\"");
        int status = line.startsWith("HEAD") ? 404 : 200;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, line.startsWith("HEAD") || bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0 && !line.startsWith("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void write(int bytes) throws IOException {
        try (ObjectSink sink = store.create("a")) {
            sink.write(new byte[bytes]);
            sink.commit();
        }
    }

    @Test
    void aSmallObjectIsOnePutSignedForTheRegionAuto() throws IOException {
        write(10);
        assertThat(requests).extracting(Request::line).containsExactly("HEAD /bucket/shop/a", "PUT /bucket/shop/a");
        assertThat(requests).allSatisfy(GcsRequestsTest::asGoogleWantsIt);
        assertThat(requests.getLast().body()).hasSize(10);
    }

    @Test
    void aLargeObjectIsAnXmlMultipartUpload() throws IOException {
        write(9_000_000);
        assertThat(requests).extracting(Request::line).containsExactlyInAnyOrder(
                "POST /bucket/shop/a?uploads",
                "PUT /bucket/shop/a?partNumber=1&uploadId=u1",
                "PUT /bucket/shop/a?partNumber=2&uploadId=u1",
                "HEAD /bucket/shop/a",
                "POST /bucket/shop/a?uploadId=u1");
        assertThat(requests).allSatisfy(GcsRequestsTest::asGoogleWantsIt);
    }

    @Test
    void readingListingAndRemovingArePlain() throws IOException {
        try (InputStream in = store.open("a")) {
            in.readAllBytes();
        }
        assertThat(store.list("")).containsExactly(new Store.StoredObject("a", 3));
        store.delete("a");
        assertThat(store.address()).isEqualTo("gs://bucket/shop");
        assertThat(requests.get(0).line()).isEqualTo("GET /bucket/shop/a");
        assertThat(requests.get(1).line()).startsWith("GET /bucket?").contains("list-type=2", "prefix=shop%2F");
        assertThat(requests.get(2).line()).isEqualTo("DELETE /bucket/shop/a");
        assertThat(requests).allSatisfy(GcsRequestsTest::asGoogleWantsIt);
    }

    /** HMAC V4 for region auto, whole bodies, MD5, none of the newer checksums, no conditional write. */
    private static void asGoogleWantsIt(Request request) {
        assertThat(request.headers().get("authorization"))
                .matches("AWS4-HMAC-SHA256 Credential=GOOG1EXAMPLE/\\d{8}/auto/s3/aws4_request, .*");
        assertThat(request.headers().get("x-amz-content-sha256")).doesNotContain("STREAMING");
        assertThat(request.headers().getOrDefault("content-encoding", "")).doesNotContain("aws-chunked");
        assertThat(request.headers().keySet())
                .doesNotContain("if-none-match", "transfer-encoding", "x-amz-trailer")
                .noneMatch(name -> name.startsWith("x-amz-checksum-") || name.startsWith("x-amz-sdk-checksum"));
        if (request.line().startsWith("PUT")) {
            assertThat(request.headers()).containsKeys("content-md5", "content-length");
        }
    }
}
