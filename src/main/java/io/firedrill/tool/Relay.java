package io.firedrill.tool;

import io.firedrill.plan.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes a program's connections on to a server, unchanged, and calls us before each piece of the server's answers is
 * handed over. So whatever the program does before it asks its next question is known to be over when we are called, and
 * whatever it does after the answer has not begun.
 */
final class Relay implements AutoCloseable {
    private static final int BLOCK = 1 << 16;

    private final String host;
    private final int port;
    private final Runnable beforeEachAnswer;
    private final ServerSocket listening;
    private final List<Socket> open = new ArrayList<>();

    private Relay(String host, int port, Runnable beforeEachAnswer) throws IOException {
        this.host = host;
        this.port = port;
        this.beforeEachAnswer = beforeEachAnswer;
        this.listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    static Relay to(String host, int port, Runnable beforeEachAnswer) throws IOException {
        Relay relay = new Relay(host, port, beforeEachAnswer);
        Thread.ofVirtual().name("relay").start(relay::accept);
        return relay;
    }

    /** The same server by way of this relay; {@code host} stays what certificates are checked against. */
    Database through(Database db) {
        Map<String, String> parameters = new LinkedHashMap<>(db.parameters());
        parameters.put("hostaddr", listening.getInetAddress().getHostAddress());
        return new Database(db.name(), db.host(), listening.getLocalPort(), db.user(), db.dbname(), parameters, db.passwordFile());
    }

    private void accept() {
        try {
            while (true) {
                Socket program = keep(listening.accept());
                Thread.ofVirtual().name("relay-connection").start(() -> connect(program));
            }
        } catch (IOException e) {
            // Closed: no more connections are wanted.
        }
    }

    private void connect(Socket program) {
        try {
            Socket server = keep(new Socket(host, port));
            Thread.ofVirtual().name("relay-questions").start(() -> pump(program, server, () -> {}));
            pump(server, program, beforeEachAnswer);
        } catch (IOException e) {
            // The program sees a connection that ends, and says so.
            shut(program);
        }
    }

    private static void pump(Socket from, Socket to, Runnable before) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BLOCK];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                before.run();
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // Either side is gone: so is the other now, and the program tells why it ended.
        }
    }

    private synchronized Socket keep(Socket socket) throws IOException {
        if (listening.isClosed()) {
            socket.close();
        }
        open.add(socket);
        return socket;
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // As good as closed.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        listening.close();
        open.forEach(Relay::shut);
    }
}
