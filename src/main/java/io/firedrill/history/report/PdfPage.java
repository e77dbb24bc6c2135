package io.firedrill.history.report;

import com.openhtmltopdf.extend.FSSupplier;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A document as PDF, A4 with page numbers. Its font is inside, so it looks and prints the same everywhere; nothing is fetched. */
final class PdfPage {
    private static final String STYLE = HtmlPage.read("report-pdf.css");

    private PdfPage() {}

    static byte[] write(Document document) {
        XRLog.setLoggingEnabled(false);
        PdfRendererBuilder pdf = new PdfRendererBuilder();
        pdf.useFont(font("DejaVuSans.ttf"), "DejaVu Sans", 400, FontStyle.NORMAL, true);
        pdf.useFont(font("DejaVuSans-Bold.ttf"), "DejaVu Sans", 700, FontStyle.NORMAL, true);
        pdf.useUriResolver((base, uri) -> null);
        pdf.withProducer("Firedrill");
        pdf.withHtmlContent(page(document), null);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            pdf.toStream(out).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static FSSupplier<InputStream> font(String name) {
        return () -> Objects.requireNonNull(
                PdfPage.class.getResourceAsStream("/fonts/dejavu/ttf/" + name), () -> "The jar lacks the font " + name);
    }

    /** The HTML page's own content under another style: the library knows CSS 2.1, no grid and no variables. */
    private static String page(Document document) {
        return """
                <html lang="en">
                <head>
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                %s</body>
                </html>
                """.formatted(HtmlPage.escape(printable(document.title())), STYLE, printable(HtmlPage.content(document)));
    }

    /** XML has no words for most control characters and for halves of characters, escaped or not. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isXml(c) ? c : '\uFFFD'));
        return out.toString();
    }

    private static boolean isXml(int c) {
        return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
    }
}
