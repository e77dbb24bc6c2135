package io.firedrill.history.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.Objectives;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** Every page is also left in {@code target/reports} to be looked at. */
class ReportTest {
    private static final Objectives OBJECTIVES = new Objectives(Duration.ofMinutes(15), Duration.ofMinutes(2));

    @Test
    void aRecoveryIsToldFromLossToUndo() throws Exception {
        String markdown = written("recovered", ShopIncident.recovered());
        assertThat(markdown)
                .contains("# Incident shop-20261123-i7", "**Recovered and proven**")
                .contains("Restored from backup: orders and uploads; every table and file matched")
                .contains("public.orders has 312,004 rows fewer")
                .contains("| orders | shop-orders-logical-20261123T084003Z | proven | 5 | 412,611 | – | 128 MB | 25 s |")
                .contains("| Data lost (RPO) | at most 15 min | 5 min 9 s | met |")
                .contains("| Time to recover (RTO) | at most 2 min | 2 min 59 s | missed |")
                .contains("| Decisions of people | 2 min 23 s |")
                .contains("| Approve the restore plan | approve | bo | Matches what support reported. | 1 min 35 s |")
                .contains("| users exist | behind the fence | passed |")
                .contains("| shop-orders-logical-20261123T084440Z | orders | 2026-11-23 08:44:40 UTC | shows damage |")
                .contains("shop\\_damaged\\_i7", "    firedrill undo shop-20261123-i7")
                .contains("↳ Restore the database beside the damaged one (2 attempts)")
                .contains("Nobody has written the analysis.");
    }

    @Test
    void anAnalysedIncidentNamesCausesActionsAndSignatures() throws Exception {
        String markdown = written("analysed", ShopIncident.recovered().analysed());
        assertThat(markdown)
                .contains("Root cause: The script took its target from the shell's environment.")
                .contains("- The alert fired within a minute\n- The proof took seconds")
                .contains("| Second approver on call | cy | 2026-11-30 |")
                .contains("| **Reviewed by** | bo |")
                .contains("The incident is closed: Firedrill no longer swaps back by itself.")
                .doesNotContain("firedrill undo");
    }

    @Test
    void aRejectionSaysThatNothingChanged() throws Exception {
        String markdown = written("rejected", ShopIncident.rejected());
        assertThat(markdown)
                .contains("**Rejected, nothing changed**", "The restore was not approved; nothing was changed.")
                .contains("| reject | bo | Support is still looking: wait. |", "| **Not approved by** | bo |")
                .doesNotContain("restored and proven", "set aside", "firedrill undo");
    }

    @Test
    void aRecoveryUnderWaySaysWhatItWaitsFor() throws Exception {
        String markdown = written("waiting", ShopIncident.waitingForApproval());
        assertThat(markdown)
                .contains("**Under way**", "it is at: Approve the restore plan.")
                .contains("| Approve the restore plan | waiting | – | – | 40 s |")
                .contains("| **Closed** | still open |");
    }

    @Test
    void anUndoneRecoveryIsNotCalledRecovered() throws Exception {
        assertThat(written("undone", ShopIncident.recovered().undone()))
                .contains("**Undone**", "what is listed as set aside is in use again")
                .doesNotContain("Recovered and proven", "firedrill undo");
    }

    @Test
    void aFailedProofIsShownWithItsDifferences() throws Exception {
        ShopIncident failed = ShopIncident.rejected()
                .failedStep("Cut over", "The server refused.")
                .with("restoredDatabases", List.of(Map.of(
                        "name", "orders",
                        "backup", "b1",
                        "proven", false,
                        "differences", List.of("public.users: 3 rows differ"),
                        "failure", Map.of("what", "The archive ends too early."))));
        assertThat(written("failed", failed))
                .contains("> **Note:** Not every restored copy matched")
                .contains("| orders | b1 | not proven |")
                .contains("- orders: The archive ends too early.\n- orders: public.users: 3 rows differ")
                .contains("| Cut over (3 attempts) | Firedrill | 5 s | failed | The server refused. |");
    }

    @Test
    void nothingWrittenByPeopleOrServersBecomesMarkup() throws Exception {
        String evil = "<script>alert('x')</script> & | \"q\" [a](http://b) `c`\n# d";
        ShopIncident incident = ShopIncident.recovered()
                .with("requestReason", evil)
                .with("analysis", Map.of("rootCause", evil, "wentWell", List.of(evil), "actions", List.of(evil)));
        String markdown = written("evil", incident);
        String html = Report.of(incident.incident(), OBJECTIVES, incident.now()).html();
        assertThat(html).doesNotContain("<script").contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; |");
        assertThat(markdown).doesNotContain("[a](", "\n# d").doesNotContainPattern("(?<!\\\\)<").contains("\\<script\\>");
    }

    @Test
    void thePdfSaysTheSameInEveryScript() throws Exception {
        ShopIncident incident = ShopIncident.recovered().analysed().with("requestReason", "Zamówień brak \u0007\uD800 → Заказы, Παραγγελίες <b>");
        byte[] pdf = Report.of(incident.incident(), OBJECTIVES, incident.now()).pdf();
        Files.write(Files.createDirectories(Path.of("target/reports")).resolve("analysed.pdf"), pdf);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            String text = new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
            assertThat(document.getDocumentInformation().getTitle()).isEqualTo("Incident shop-20261123-i7");
            assertThat(text)
                    .contains("Recovered and proven", "Zamówień brak", "→ Заказы, Παραγγελίες <b>")
                    .contains("What was lost", "Detection", "People", "Decisions", "Timeline", "Analysis", "Actions")
                    .contains("Second approver on call", "Cut over");
        }
    }

    @Test
    void whatWasNotDoneSaysWhoLeftItOutAndWhy() throws Exception {
        ShopIncident incident = ShopIncident.recovered()
                .failedStep("Notify", "The webhook answered 500.")
                .with("skippedSteps", List.of(Map.of("step", "77", "name", "Notify", "by", "olga", "reason", "told by phone")));
        assertThat(written("skipped", incident))
                .contains("## Steps not done", "| Notify | skipped | olga: told by phone |", "| Notify | failed | The webhook answered 500. |")
                .contains("| olga | Skipped: Notify |", "| ana | Asked for the recovery; Confirm the diagnosis |");
    }

    @Test
    void theHtmlNeedsNothingFromOutside() {
        ShopIncident incident = ShopIncident.recovered().analysed();
        assertThat(Report.of(incident.incident(), OBJECTIVES, incident.now()).html())
                .doesNotContain("http:", "https:", "src=", "@import", "url(")
                .contains("default-src 'none'");
    }

    @Test
    void anEmptyIncidentStillMakesAReport() throws Exception {
        assertThat(written("empty", new ShopIncident())).contains("The recovery is not finished.", "**Opened**");
    }

    private static String written(String name, ShopIncident story) throws Exception {
        Report report = Report.of(story.incident(), OBJECTIVES, story.now());
        assertWellFormed(report.html());
        Path folder = Files.createDirectories(Path.of("target/reports"));
        Files.writeString(folder.resolve(name + ".html"), report.html());
        Files.writeString(folder.resolve(name + ".md"), report.markdown());
        return report.markdown();
    }

    /** The body is written so that an XML parser reads it: every tag closed, everything escaped. */
    private static void assertWellFormed(String html) throws Exception {
        String body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"));
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }
}
