package io.firedrill.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a real S3 server on 127.0.0.1 and does what networks and servers do on bad days. Passes
 * requests on byte by byte, so that their signatures stay right.
 */
final class FaultyProxy implements AutoCloseable {
    /** What happens to one request. */
    sealed interface Fault {
        /** Passed on as it is. */
        record None() implements Fault {}

        /** The connection is closed without an answer. */
        record Drop() implements Fault {}

        /** The server gets the request, the client gets no answer. */
        record LoseAnswer() implements Fault {}

        /** The server is not asked; {@code code} is S3's word for it. */
        record Answer(int status, String code) implements Fault {}

        /** The answer ends after so many bytes of its body. */
        record CutOff(int bodyBytes) implements Fault {}

        /** The answer stops after so many bytes of its body, and the connection stays open. */
        record Stall(int bodyBytes) implements Fault {}
    }

    static final Fault NONE = new Fault.None();

    /** Decides for each request. */
    @FunctionalInterface
    interface Script {
        /** @param line method and path with query, e.g. {@code PUT /backups/p/x?partNumber=1} */
        Fault on(String line);
    }

    private final int target;
    private final ServerSocket listening;
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile Script script = line -> NONE;

    FaultyProxy(URI server) throws IOException {
        this.target = server.getPort();
        this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    void play(Script next) {
        script = next;
    }

    /** Requests so far, in order of arrival. */
    List<String> seen() {
        return new ArrayList<>(seen);
    }

    void forget() {
        seen.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            for (Head request = Head.read(in); request != null; request = Head.read(in)) {
                String line = request.first().replaceAll(" HTTP/.*", "");
                seen.add(line);
                if (!handle(script.on(line), request, in, out)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went away, which is its right.
        } finally {
            open.remove(client);
        }
    }

    /** @return whether the connection may be used again */
    private boolean handle(Fault fault, Head request, InputStream in, OutputStream out) throws IOException {
        if (request.value("expect") != null) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return switch (fault) {
            case Fault.Drop drop -> false;
            case Fault.Answer answer -> {
                in.skipNBytes(request.length());
                String body = "<Error><Code>%s</Code><Message>played</Message></Error>".formatted(answer.code());
                out.write("HTTP/1.1 %d Played\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(answer.status(), request.first().startsWith("HEAD") ? 0 : body.length(),
                                request.first().startsWith("HEAD") ? "" : body)
                        .getBytes(StandardCharsets.US_ASCII));
                yield true;
            }
            default -> passOn(fault, request, in, out);
        };
    }

    private boolean passOn(Fault fault, Head request, InputStream in, OutputStream out) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            OutputStream to = server.getOutputStream();
            to.write(request.without("expect", "connection").bytes("Connection: close"));
            copy(in, to, request.length());
            to.flush();
            InputStream from = new BufferedInputStream(server.getInputStream());
            if (fault instanceof Fault.LoseAnswer) {
                from.transferTo(OutputStream.nullOutputStream());
                return false;
            }
            Head answer = Head.read(from);
            while (answer != null && answer.first().contains(" 100 ")) {
                answer = Head.read(from);
            }
            if (answer == null) {
                return false;
            }
            out.write(answer.bytes(null));
            int limit = fault instanceof Fault.CutOff cut ? cut.bodyBytes() : fault instanceof Fault.Stall s ? s.bodyBytes() : -1;
            if (limit >= 0) {
                copy(from, out, limit);
                out.flush();
                if (fault instanceof Fault.Stall) {
                    in.read();
                }
                return false;
            }
            from.transferTo(out);
            out.flush();
            return false;
        }
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = bytes; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException();
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    /** The lines of a request or an answer before its body. */
    private record Head(String first, List<String> fields) {
        static @Nullable Head read(InputStream in) throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            while (!text.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return null;
                }
                text.write(b);
            }
            List<String> lines = text.toString(StandardCharsets.ISO_8859_1).strip().lines().toList();
            return new Head(lines.getFirst(), lines.subList(1, lines.size()));
        }

        @Nullable String value(String name) {
            return fields.stream()
                    .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(field -> field.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }

        long length() {
            String length = value("content-length");
            return length == null ? 0 : Long.parseLong(length);
        }

        Head without(String... names) {
            return new Head(first, fields.stream()
                    .filter(field -> List.of(names).stream()
                            .noneMatch(name -> field.toLowerCase(Locale.ROOT).startsWith(name + ":")))
                    .toList());
        }

        byte[] bytes(@Nullable String more) {
            List<String> lines = new ArrayList<>(List.of(first));
            lines.addAll(fields);
            if (more != null) {
                lines.add(more);
            }
            return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
