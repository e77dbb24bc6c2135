package io.firedrill.console.page;

import io.firedrill.console.access.OidcSignIn;
import io.firedrill.console.access.People;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.OidcPlan;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** {@code /sign-in}, and {@code /welcome}: the one-time link with which somebody sets their password. */
@Controller
final class SignInPages {
    private final People people;
    private final OidcSignIn oidc;

    SignInPages(People people, OidcSignIn oidc) {
        this.people = people;
        this.oidc = oidc;
    }

    @GetMapping("/sign-in")
    String signIn(@RequestParam(required = false) @Nullable String problem, Model model) {
        if (problem != null) {
            model.addAttribute("failure", failure(problem));
        }
        oidc.plan().ifPresent(plan -> model.addAttribute("issuer", plan.issuer().getHost()));
        return "sign-in";
    }

    @GetMapping("/sign-in/oidc")
    String signInByOidc() {
        return "redirect:" + oidc.begin();
    }

    private Failure failure(String problem) {
        return oidc.plan().flatMap(plan -> failure(problem, plan)).orElseGet(() -> ownFailure(problem));
    }

    /** What a sign-in by somebody else's word can come to. */
    private static Optional<Failure> failure(String problem, OidcPlan plan) {
        String host = plan.issuer().getHost();
        return Optional.ofNullable(switch (problem) {
            case "issuer" -> new Failure("issuer-away", "%s, which vouches for people, does not answer as it should.".formatted(host),
                    "Nobody can sign in by it. Whoever is signed in stays so; runs and recoveries go on.",
                    "Sign in below with an account of Firedrill's own, or try again. An admin finds the reason in the server's log.");
            case "no-role" -> new Failure("no-role", "%s knows you, but none of your groups may come in here.".formatted(host),
                    "You are not signed in.",
                    "The plan looks at the claim '%s'. Ask for a group that it names, or an admin for an account.".formatted(plan.rolesClaim()));
            case "nameless" -> new Failure("nameless", "%s does not say by what name you go here.".formatted(host),
                    "You are not signed in.",
                    "The plan looks at the claim '%s': a verified address, or 1 to 64 letters a to z, digits, and . _ @ + - between them."
                            .formatted(plan.nameClaim()));
            case "shut-out" -> new Failure("shut-out", "You were shut out here.", "You are not signed in, whoever vouches for you.", "Talk to an admin.");
            case "stale" -> new Failure("stale", "This sign-in was begun elsewhere, or too long ago.", "You are not signed in.", "Begin again from this page.");
            case "cancelled" -> new Failure("cancelled", "The sign-in was cancelled at %s.".formatted(host), "You are not signed in.", "Begin again from this page.");
            default -> null;
        });
    }

    private static Failure ownFailure(String problem) {
        return switch (problem) {
            case "locked" -> new Failure("locked", "There were too many wrong attempts.",
                    "This name or this address is refused for a while, up to 15 minutes; the right password is too.",
                    "Wait, then try again. If it was not you, tell an admin.");
            case "away" -> new Failure("state-database-down", "The state database, which knows the people, does not answer.",
                    "No password can be checked until it is back. Runs and recoveries go on without it.",
                    "Whoever can read the file token in this server's .firedrill folder signs in with a name and that token"
                            + " as password. On the server's host the firedrill command works all the same.");
            default -> new Failure("wrong", "Name and password do not fit.", "You are not signed in.",
                    "Try again. An admin can make you a new link to set a password.");
        };
    }

    @GetMapping("/welcome/{secret}")
    String welcome(@PathVariable String secret, HttpServletRequest request, Model model) {
        Optional<String> name = people.invited(secret, request.getRemoteAddr());
        model.addAttribute("name", name.orElse(null));
        return "welcome";
    }

    @PostMapping("/welcome/{secret}")
    String setPassword(
            @PathVariable String secret,
            @RequestParam String password,
            @RequestParam String again,
            RedirectAttributes next) {
        try {
            if (!password.equals(again)) {
                throw new Failure("bad-password", "The two passwords differ.", "It was not set.", "Type it twice.").lasting();
            }
            people.setPassword(secret, password);
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
            return "redirect:/welcome/{secret}";
        }
        next.addFlashAttribute("notice", "Your password is set. Sign in with it.");
        return "redirect:/sign-in";
    }
}
