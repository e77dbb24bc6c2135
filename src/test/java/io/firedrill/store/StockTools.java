package io.firedrill.store;

import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Programs;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** Programs of Debian that prove our formats are the standard ones. */
public final class StockTools {
    private StockTools() {}

    /** Installs {@code age} and {@code zstd} as root; skips the test only where they cannot be had. */
    public static synchronized void requireAge() {
        if (!installed() && LocalPostgres.root()) {
            Command.of("apt-get", "install", "-y", "-qq", "age", "zstd").withDeadline(Duration.ofMinutes(5)).run();
        }
        Assumptions.assumeTrue(installed(), "age and zstd are not installed and cannot be");
    }

    /** The same for one program of Debian's. */
    public static synchronized void require(String program, String debianPackage) {
        if (!Programs.installed(program) && LocalPostgres.root()) {
            Command.of("apt-get", "install", "-y", "-qq", "--no-install-recommends", debianPackage)
                    .withDeadline(Duration.ofMinutes(5))
                    .run();
        }
        Assumptions.assumeTrue(Programs.installed(program), program + " is not installed and cannot be");
    }

    private static boolean installed() {
        return Programs.installed("age") && Programs.installed("zstd");
    }
}
