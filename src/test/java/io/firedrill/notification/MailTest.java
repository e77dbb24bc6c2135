package io.firedrill.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.NotifyTarget;
import io.firedrill.tool.Ports;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get as mail, through a real mail server. */
class MailTest {
    private static final Optional<URI> CONSOLE = Optional.of(URI.create("https://firedrill.example.org"));
    private static final Message MESSAGE =
            Message.of(Message.Level.TROUBLE, "shop: Täglich gesichert, nie geprüft\nsecond line", "INC-1", "INC-1", "42");

    private static final String KEYSTORE = "greenmail.tls.keystore.file";
    private static final String KEYSTORE_PASSWORD = "greenmail.tls.keystore.password";
    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    private static Path certificates;

    @TempDir
    Path folder;

    private final List<String> kept = new CopyOnWriteArrayList<>();
    private int plainPort;
    private int tlsPort;
    private GreenMail server;

    /** One for this host, which nobody signed. */
    @BeforeAll
    static void certify() throws Exception {
        Path store = certificates.resolve("mail.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-genkeypair", "-keystore", store.toString(),
                "-storetype", "PKCS12", "-storepass", STORE_PASSWORD, "-alias", "mail", "-keyalg", "EC", "-dname", "CN=mail", "-ext", "SAN=IP:127.0.0.1")
                .redirectErrorStream(true).redirectOutput(certificates.resolve("keytool.log").toFile()).start();
        assertThat(keytool.waitFor()).isZero();
        System.setProperty(KEYSTORE, store.toString());
        System.setProperty(KEYSTORE_PASSWORD, STORE_PASSWORD);
    }

    @AfterAll
    static void forget() {
        System.clearProperty(KEYSTORE);
        System.clearProperty(KEYSTORE_PASSWORD);
    }

    @BeforeEach
    void listen() {
        List<Integer> ports = Ports.free(2);
        plainPort = ports.get(0);
        tlsPort = ports.get(1);
        server = new GreenMail(new ServerSetup[] {
            new ServerSetup(plainPort, "127.0.0.1", "smtp"), new ServerSetup(tlsPort, "127.0.0.1", "smtps")
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private NotifyTarget.Email target(String scheme, int port, Optional<NotifyTarget.Email.Login> login) {
        return new NotifyTarget.Email("ops@example.org", "firedrill@example.org", URI.create("%s://127.0.0.1:%d".formatted(scheme, port)), login);
    }

    private NotifyTarget.Email plain() {
        return target("smtp", plainPort, Optional.empty());
    }

    private Optional<NotifyTarget.Email.Login> login(String password) throws IOException {
        return Optional.of(new NotifyTarget.Email.Login("drill", Files.writeString(folder.resolve("smtp"), password + "\n")));
    }

    private Notifier notifier(NotifyTarget target, Mail mail) {
        return new Notifier(List.of(target), CONSOLE, (name, message, problem) -> kept.add(name + " | " + problem), List.of(Duration.ofMillis(1)), mail);
    }

    private Notifier.Sent sent(NotifyTarget target) {
        return notifier(target, new Mail()).send(MESSAGE);
    }

    /** Trusts that certificate alone. */
    private static Mail trusting() throws GeneralSecurityException, IOException {
        KeyStore known = KeyStore.getInstance(certificates.resolve("mail.p12").toFile(), STORE_PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mail", known.getCertificate("mail"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return new Mail(Optional.of(context.getSocketFactory()));
    }

    @Test
    void aMailSaysWhatHappenedAndLinksThePage() throws MessagingException, IOException {
        assertThat(sent(plain())).isEqualTo(new Notifier.Sent(1, 0));
        MimeMessage mail = server.getReceivedMessages()[0];
        assertThat(mail.getAllRecipients()[0]).hasToString("ops@example.org");
        assertThat(mail.getFrom()[0]).hasToString("firedrill@example.org");
        assertThat(mail.getSubject()).isEqualTo("[Firedrill trouble] shop: Täglich gesichert, nie geprüft");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getContent().toString()).contains("Täglich gesichert, nie geprüft").contains("second line")
                .contains("https://firedrill.example.org/runs/42").contains("Incident: INC-1");
    }

    @Test
    void theSameMessageIsTheSameMailAndMailsOfOneIncidentAreOneThread() throws MessagingException {
        sent(plain());
        sent(plain());
        notifier(plain(), new Mail()).send(Message.of(Message.Level.WELL, "over", "INC-1", "INC-1", null));
        MimeMessage[] mails = server.getReceivedMessages();
        assertThat(mails[1].getMessageID()).isEqualTo(mails[0].getMessageID()).isEqualTo("<" + MESSAGE.id() + "@firedrill>");
        assertThat(mails[2].getMessageID()).isNotEqualTo(mails[0].getMessageID());
        assertThat(mails[2].getHeader("References")).isEqualTo(mails[0].getHeader("References"));
    }

    @Test
    void aPasswordGoesToATrustedServerOverTls() throws Exception {
        server.setUser("ops@example.org", "drill", "s3cret");
        NotifyTarget.Email target = target("smtps", tlsPort, login("s3cret"));
        assertThat(notifier(target, trusting()).send(MESSAGE).told()).isEqualTo(1);
        assertThat(server.getReceivedMessages()).hasSize(1);
    }

    @Test
    void aCertificateForAnotherHostIsNotEnough() throws Exception {
        NotifyTarget.Email elsewhere = new NotifyTarget.Email("ops@example.org", "firedrill@example.org", URI.create("smtps://localhost:" + tlsPort), Optional.empty());
        assertThat(notifier(elsewhere, trusting()).send(MESSAGE)).isEqualTo(new Notifier.Sent(0, 1));
        assertThat(kept).singleElement().asString().contains("No name matching localhost");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatNobodyVouchesForGetsNeitherMailNorPassword() throws Exception {
        server.setUser("ops@example.org", "drill", "s3cret");
        assertThat(sent(target("smtps", tlsPort, login("s3cret")))).isEqualTo(new Notifier.Sent(0, 1));
        assertThat(kept).singleElement().asString().contains("unable to find valid certification path");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aPasswordIsNotSaidToAServerWithoutTls() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (ServerSocket wire = scripted(heard, line -> line.startsWith("EHLO") ? "250-hello\r\n250 AUTH PLAIN LOGIN" : "250 ok")) {
            assertThat(sent(target("smtp", wire.getLocalPort(), login("s3cret")))).isEqualTo(new Notifier.Sent(0, 1));
        }
        assertThat(kept).singleElement().asString().startsWith("email of ops@example.org | ").contains("STARTTLS");
        assertThat(heard).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
    }

    @Test
    void aMailThatTheServerCannotTakeNowIsKeptForLater() throws IOException {
        try (ServerSocket busy = scripted(new CopyOnWriteArrayList<>(), line -> line.startsWith("RCPT") ? "451 4.3.0 greylisted" : "250 ok")) {
            assertThat(sent(target("smtp", busy.getLocalPort(), Optional.empty()))).isEqualTo(new Notifier.Sent(0, 1));
        }
        assertThat(kept).singleElement().asString().contains("answered 451 4.3.0 greylisted");
    }

    @Test
    void aMailThatTheServerNeverTakesIsNotSentAgain() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (ServerSocket strict = scripted(heard, line -> line.startsWith("RCPT") ? "550 5.1.1 nobody of that name" : "250 ok")) {
            NotifyTarget.Email target = target("smtp", strict.getLocalPort(), Optional.empty());
            assertThatThrownBy(() -> sent(target)).isInstanceOf(FailureException.class).hasMessageContaining("550 5.1.1 nobody of that name");
        }
        assertThat(heard).filteredOn(line -> line.startsWith("RCPT")).hasSize(1);
        assertThat(kept).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsTriedLater() {
        server.stop();
        assertThat(sent(plain())).isEqualTo(new Notifier.Sent(0, 1));
    }

    /** A server of one connection at a time that answers each line as told: what GreenMail never does. */
    private static ServerSocket scripted(List<String> heard, Function<String, String> answer) throws IOException {
        ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try (Socket one = listening.accept()) {
                    say(one, "220 ready");
                    BufferedReader lines = new BufferedReader(new InputStreamReader(one.getInputStream(), StandardCharsets.US_ASCII));
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        heard.add(line);
                        say(one, answer.apply(line));
                    }
                } catch (IOException e) {
                    // The other side hung up, or the test is over.
                }
            }
        });
        return listening;
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
