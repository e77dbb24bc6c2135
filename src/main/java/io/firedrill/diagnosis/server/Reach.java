package io.firedrill.diagnosis.server;

import io.firedrill.plan.Database;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** What happens when a server is spoken to, before anybody signs in. */
public enum Reach {
    ANSWERS,
    /** The host answers, nothing listens on the port. */
    REFUSED,
    /** Something took the connection and says nothing, or nothing that PostgreSQL would. */
    SILENT,
    /** No way to the host, or no such host. */
    UNREACHABLE;

    private static final int PATIENCE_MILLIS = 5000;

    /** PostgreSQL manual, 55.7 "Message Formats", SSLRequest: answered by one byte before any sign-in. */
    private static final byte[] SSL_REQUEST = ByteBuffer.allocate(8).putInt(8).putInt(80877103).array();

    public static Reach of(Database db) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(db.host(), db.port()), PATIENCE_MILLIS);
            return speak(socket);
        } catch (ConnectException e) {
            return REFUSED;
        } catch (IOException e) {
            return UNREACHABLE;
        }
    }

    private static Reach speak(Socket socket) {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(SSL_REQUEST);
            int answer = socket.getInputStream().read();
            // E: a server that cannot even fork says so in words. An end of stream: one that is just stopping.
            return answer == 'S' || answer == 'N' || answer == 'E' ? ANSWERS : answer < 0 ? REFUSED : SILENT;
        } catch (SocketTimeoutException e) {
            return SILENT;
        } catch (IOException e) {
            return REFUSED;
        }
    }
}
