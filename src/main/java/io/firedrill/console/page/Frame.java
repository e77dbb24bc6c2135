package io.firedrill.console.page;

import io.firedrill.console.access.Role;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Task;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What stands around every page: who is signed in, what they may, what waits for them. */
@ControllerAdvice(basePackageClasses = Frame.class)
final class Frame {
    private final History history;
    private final Say say;

    Frame(History history, Say say) {
        this.history = history;
        this.say = say;
    }

    @ModelAttribute("say")
    Say say() {
        return say;
    }

    /** For templates; {@code waiting} is -1 while the state database is away. */
    public record Reader(String name, Set<Role> roles, int waiting) {
        public boolean may(String role) {
            return roles.stream().anyMatch(held -> held.word().equals(role));
        }

        /** Whether this task is theirs to decide. */
        public boolean decides(Task task) {
            return task.candidateGroups().isEmpty()
                    || roles.stream().map(Role::word).anyMatch(task.candidateGroups()::contains);
        }
    }

    @ModelAttribute("reader")
    @Nullable Reader reader(@Nullable Authentication who) {
        if (who == null) {
            return null;
        }
        Reader reader = new Reader(who.getName(), Role.of(who), -1);
        return new Reader(reader.name(), reader.roles(), waiting(reader));
    }

    private int waiting(Reader reader) {
        try {
            List<Task> open = history.openTasks(null);
            return (int) open.stream().filter(reader::decides).count();
        } catch (FailureException e) {
            return -1;
        }
    }
}
