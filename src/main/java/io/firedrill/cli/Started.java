package io.firedrill.cli;

import io.firedrill.client.Json;

/** The answer to a command that began a run and does not wait for it. */
final class Started {
    private Started() {}

    static int tell(ServerOptions server, String run) {
        if (server.json()) {
            server.print(Json.object().put("run", run).put("state", "running"));
        } else {
            server.terminal().line("Started. Watch it: firedrill run " + run + " --follow");
        }
        return Exit.DONE;
    }
}
