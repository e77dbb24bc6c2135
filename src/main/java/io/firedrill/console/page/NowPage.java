package io.firedrill.console.page;

import io.firedrill.console.ReplicationWatch;
import io.firedrill.console.RunDetails;
import io.firedrill.console.Standings;
import io.firedrill.console.Standings.ServiceStatus;
import io.firedrill.engine.EngineStartup;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import io.firedrill.history.Step;
import io.firedrill.history.Task;
import io.firedrill.physical.WalReceivers;
import io.firedrill.plan.RecoveryPlan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /}: what is broken, what is happening now, what waits for whom. */
@Controller
final class NowPage {
    private final RecoveryPlan plan;
    private final Standings standings;
    private final History history;
    private final EngineStartup engine;
    private final WalReceivers receivers;
    private final ReplicationWatch replication;
    private final RunDetails details;

    NowPage(
            RecoveryPlan plan,
            Standings standings,
            History history,
            EngineStartup engine,
            WalReceivers receivers,
            ReplicationWatch replication,
            RunDetails details) {
        this.plan = plan;
        this.standings = standings;
        this.history = history;
        this.engine = engine;
        this.receivers = receivers;
        this.replication = replication;
        this.details = details;
    }

    /** A run that has not ended, with what machines are doing for it. */
    public record Going(Run run, List<Step> steps) {}

    /** @param mood the worst of all services; {@code lines} what is wrong, or that nothing is */
    public record Headline(String mood, List<String> lines) {
        static Headline of(List<Card> cards) {
            for (String mood : List.of("bad", "open")) {
                if (cards.stream().anyMatch(card -> card.verdict().mood().equals(mood))) {
                    return new Headline(mood, cards.stream()
                            .map(Card::verdict)
                            .filter(verdict -> !verdict.mood().equals("good"))
                            .map(Card.Verdict::text)
                            .toList());
                }
            }
            return new Headline("good", List.of("Every service is within its objectives."));
        }
    }

    private record Happening(List<Run> runs, List<Task> tasks, @Nullable Failure trouble) {}

    @GetMapping("/")
    String now(Model model) {
        Happening happening = happening();
        model.addAttribute("engineState", engine.state());
        model.addAttribute("trouble", happening.trouble());
        model.addAttribute("tasks", happening.tasks());
        model.addAttribute("going", happening.runs().stream().filter(run -> run.endedAt() == null).map(this::going).toList());
        List<Card> cards = standings.services().stream().map(status -> card(status, happening)).toList();
        model.addAttribute("cards", cards);
        model.addAttribute("headline", Headline.of(cards));
        return "now";
    }

    /** The services' backups are known without the state database; what happens is not. */
    private Happening happening() {
        try {
            return new Happening(history.runs(RunFilter.all()), history.openTasks(null), null);
        } catch (FailureException e) {
            return new Happening(List.of(), List.of(), e.failure());
        }
    }

    private Going going(Run run) {
        return new Going(run, history.run(run.id()).isEmpty() ? List.of() : RunPages.working(details.of(run.id())));
    }

    private Card card(ServiceStatus status, Happening happening) {
        List<Run> going = happening.runs().stream()
                .filter(run -> status.name().equals(run.service()) && run.endedAt() == null)
                .toList();
        List<Task> waiting =
                happening.tasks().stream().filter(task -> status.name().equals(task.service())).toList();
        boolean known = happening.trouble() == null;
        return Card.of(
                status, going, waiting, known ? recoveries(status.name()) : List.of(), known ? undo(status.name()) : null,
                receivers.status().stream().filter(one -> one.service().equals(status.name())).toList(),
                plan.service(status.name()).replication().isPresent(), replication.newest(status.name()).map(Replicas::of).orElse(null));
    }

    /** The incident of the newest recovery, when that can still be undone. */
    private @Nullable String undo(String service) {
        return history.runs(new RunFilter("disaster-recovery", service, 1)).stream()
                .flatMap(run -> Optional.ofNullable(run.incident()).stream())
                .flatMap(id -> history.incident(id).stream())
                .filter(Incident::undoAvailable)
                .map(Incident::incident)
                .findFirst()
                .orElse(null);
    }

    /** Those that have ended, newest first. */
    private List<Run> recoveries(String service) {
        return history.runs(new RunFilter("disaster-recovery", service, 20)).stream().filter(run -> run.endedAt() != null).toList();
    }
}
