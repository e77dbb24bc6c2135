package io.firedrill.notification;

import io.firedrill.plan.NotifyTarget;
import jakarta.mail.Authenticator;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * A message as mail (RFC 5322) over SMTP. With {@code smtp} TLS is used when the server offers STARTTLS, and with a password
 * nothing is sent when it does not; the server's certificate must be one that this JVM trusts, for the host in the plan.
 */
final class Mail {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int LONGEST_SUBJECT = 150;

    private final Optional<SSLSocketFactory> tls;

    Mail() {
        this(Optional.empty());
    }

    /** @param tls what decides which certificates are trusted; empty for the JVM's own */
    Mail(Optional<SSLSocketFactory> tls) {
        this.tls = tls;
    }

    /**
     * @param text what stands in the mail
     * @throws MessagingException when the server did not take it
     * @throws IOException when the password's file cannot be read
     */
    void send(NotifyTarget.Email target, Message message, String text) throws MessagingException, IOException {
        Session session = Session.getInstance(settings(target), authenticator(target));
        MimeMessage mail = new Identified(session, message.id());
        mail.setFrom(new InternetAddress(target.from()));
        mail.setRecipient(RecipientType.TO, new InternetAddress(target.address()));
        mail.setSubject(subject(message), StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(message.at()));
        mail.setText(text, StandardCharsets.UTF_8.name());
        // One thread per incident or alarm in people's mailboxes, though nobody wrote its first mail.
        mail.setHeader("References", id(UUID.nameUUIDFromBytes(message.about().getBytes(StandardCharsets.UTF_8)).toString()));
        // RFC 3834: so that nobody's absence note answers.
        mail.setHeader("Auto-Submitted", "auto-generated");
        Transport.send(mail);
    }

    private static String subject(Message message) {
        String first = message.text().lines().findFirst().orElse("");
        String words = first.length() <= LONGEST_SUBJECT ? first : first.substring(0, LONGEST_SUBJECT - 1) + "…";
        return "[Firedrill %s] %s".formatted(message.level().name().toLowerCase(Locale.ROOT), words);
    }

    private static String id(String unique) {
        return "<%s@firedrill>".formatted(unique);
    }

    private Properties settings(NotifyTarget.Email target) {
        String protocol = target.server().getScheme();
        String prefix = "mail." + protocol + ".";
        String millis = String.valueOf(DEADLINE.toMillis());
        Properties settings = new Properties();
        settings.put("mail.transport.protocol.rfc822", protocol);
        settings.put(prefix + "host", target.server().getHost());
        if (target.server().getPort() >= 0) {
            settings.put(prefix + "port", String.valueOf(target.server().getPort()));
        }
        settings.put(prefix + "connectiontimeout", millis);
        settings.put(prefix + "timeout", millis);
        settings.put(prefix + "writetimeout", millis);
        settings.put(prefix + "auth", String.valueOf(target.login().isPresent()));
        settings.put(prefix + "starttls.enable", "true");
        settings.put(prefix + "starttls.required", String.valueOf(target.login().isPresent()));
        settings.put(prefix + "ssl.checkserveridentity", "true");
        settings.put(prefix + "socketFactory.fallback", "false");
        tls.ifPresent(factory -> settings.put(prefix + "ssl.socketFactory", factory));
        return settings;
    }

    private static Authenticator authenticator(NotifyTarget.Email target) throws IOException {
        if (target.login().isEmpty()) {
            return new Authenticator() {};
        }
        NotifyTarget.Email.Login login = target.login().get();
        PasswordAuthentication known = new PasswordAuthentication(login.user(), Files.readString(login.passwordFile()).strip());
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return known;
            }
        };
    }

    /** Whether the server's reply code (RFC 5321, 4.2.1) says that it never takes this; who may sign in may change any moment. */
    static boolean refusedForGood(MessagingException problem) {
        return codes(problem).anyMatch(reply -> reply.code() / 100 == 5);
    }

    /** What the server answered or, when it never came to that, what failed and what lies beneath, e.g. an unknown certificate. */
    static String reason(MessagingException problem) {
        return codes(problem).map(reply -> "answered " + reply.words()).findFirst().orElseGet(() -> {
            Throwable beneath = Stream.<@Nullable Throwable>iterate(problem, Objects::nonNull, Throwable::getCause)
                    .reduce(problem, (outer, inner) -> inner);
            return beneath == problem ? words(problem) : words(problem) + ": " + words(beneath);
        });
    }

    private record Reply(int code, String words) {}

    private static Stream<Reply> codes(MessagingException problem) {
        return Stream.<@Nullable Exception>iterate(problem, Objects::nonNull, one -> one instanceof MessagingException chained ? chained.getNextException() : null)
                .<Reply>mapMulti((one, found) -> {
                    switch (one) {
                        case SMTPAddressFailedException e -> found.accept(new Reply(e.getReturnCode(), words(e)));
                        case SMTPSenderFailedException e -> found.accept(new Reply(e.getReturnCode(), words(e)));
                        case SMTPSendFailedException e -> found.accept(new Reply(e.getReturnCode(), words(e)));
                        case null, default -> {}
                    }
                });
    }

    private static String words(Throwable problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("").strip();
    }

    /** Sent again, it is the same mail. */
    private static final class Identified extends MimeMessage {
        private final String unique;

        Identified(Session session, String unique) {
            super(session);
            this.unique = unique;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id(unique));
        }
    }
}
