package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AuditTest extends CommandLineFixture {
    @Test
    void anIntactTrailIsToldWithItsHead() throws IOException {
        server.answers("POST /api/audit/verify", """
                {"intact": true, "entries": 7, "headHash": "abc", "anchors": 2, "lastAnchored": 5, "waiting": 1, "findings": []}""");
        Path key = Files.writeString(folder.resolve("key.pem"), "PEM");
        Done verify = firedrill("audit", "verify", "--key", key.toString());
        assertThat(verify.exit()).isZero();
        assertThat(verify.out()).contains("Intact: 7 entries", "7 abc", "the newest holds entry 5", "1 more wait");
        assertThat(server.request("POST /api/audit/verify").body()).isEqualTo("{\"keys\":[\"PEM\"]}");
    }

    @Test
    void aSpoiltTrailNamesTheFirstAndFails() {
        server.answers("POST /api/audit/verify", """
                {"intact": false, "entries": 7, "first": {"n": 4, "kind": "changed", "what": "Entry 4 was changed."},
                 "findings": [{"n": 4, "kind": "changed", "what": "Entry 4 was changed."}, {"n": 6, "kind": "moved", "what": "In place 6 stands entry 9."}]}""");
        Done verify = firedrill("audit", "verify");
        assertThat(verify.exit()).isEqualTo(1);
        assertThat(verify.lines()).containsExactly("NOT intact. First: Entry 4 was changed.", "  In place 6 stands entry 9.");
        Done json = firedrill("audit", "verify", "--json");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.lines()).hasSize(1).first().asString().contains("\"kind\":\"changed\"");
    }

    @Test
    void anExportGoesToAFileThatIsNotThereYet() throws IOException {
        server.answers("GET /api/audit/export?format=csv&after=3", 200, "text/csv", "n,at\r\n");
        Path file = folder.resolve("audit.csv");
        assertThat(firedrill("audit", "export", "--format", "csv", "--after", "3", "--out", file.toString()).exit()).isZero();
        assertThat(file).hasContent("n,at\r\n");
        assertThat(firedrill("audit", "export", "--format", "csv", "--out", file.toString()).exit()).isNotZero();
        assertThat(file).hasContent("n,at\r\n");
        assertThat(firedrill("audit", "export", "--format", "csv", "--after", "3").out()).isEqualTo("n,at\r\n");
    }

    @Test
    void theKeyIsPrintedAsItIs() {
        server.answers("GET /api/audit/key", "{\"id\": \"1\", \"pem\": \"-----BEGIN PUBLIC KEY-----\\nx\\n-----END PUBLIC KEY-----\\n\"}");
        assertThat(firedrill("audit", "key").lines()).startsWith("-----BEGIN PUBLIC KEY-----").endsWith("-----END PUBLIC KEY-----");
    }
}
