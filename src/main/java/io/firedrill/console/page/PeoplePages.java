package io.firedrill.console.page;

import io.firedrill.console.access.People;
import io.firedrill.console.access.Role;
import io.firedrill.failure.FailureException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** {@code /people}: who may sign in, and tokens for programs. */
@Controller
final class PeoplePages {
    private final People people;

    PeoplePages(People people) {
        this.people = people;
    }

    @GetMapping("/people")
    String list(Model model) {
        model.addAttribute("people", people.accounts());
        model.addAttribute("tokens", people.tokens());
        model.addAttribute("roles", Role.values());
        return "people";
    }

    @PostMapping("/people")
    String add(
            @RequestParam String name,
            @RequestParam(required = false) @Nullable List<String> role,
            Authentication by,
            HttpServletRequest request,
            RedirectAttributes next) {
        return then(next, () -> {
            String link = people.add(name, role == null ? List.of() : role, by.getName());
            show(next, "Send this link to %s. It works once, for 24 hours.".formatted(name), address(request) + link);
        });
    }

    @PostMapping("/people/{name}/invite")
    String invite(@PathVariable String name, HttpServletRequest request, RedirectAttributes next) {
        return then(next, () ->
                show(next, "Send this link to %s. It works once, for 24 hours.".formatted(name), address(request) + people.invite(name)));
    }

    @PostMapping("/people/{name}/disable")
    String disable(@PathVariable String name, RedirectAttributes next) {
        return then(next, () -> {
            people.disable(name);
            next.addFlashAttribute("notice", name + " cannot sign in any more, and their tokens are worth nothing.");
        });
    }

    @PostMapping("/people/tokens")
    String createToken(
            @RequestParam String name,
            @RequestParam String role,
            @RequestParam String owner,
            Authentication by,
            RedirectAttributes next) {
        return then(next, () -> {
            String token = people.createToken(name, role, owner.isBlank() ? by.getName() : owner, by.getName());
            show(next, "This is the token %s. It is shown only now.".formatted(name), token);
        });
    }

    @PostMapping("/people/tokens/{name}/revoke")
    String revoke(@PathVariable String name, RedirectAttributes next) {
        return then(next, () -> {
            people.revokeToken(name);
            next.addFlashAttribute("notice", "The token " + name + " is worth nothing any more.");
        });
    }

    private static String address(HttpServletRequest request) {
        return ServletUriComponentsBuilder.fromContextPath(request).toUriString();
    }

    private static void show(RedirectAttributes next, String notice, String secret) {
        next.addFlashAttribute("notice", notice);
        next.addFlashAttribute("secret", secret);
    }

    private static String then(RedirectAttributes next, Runnable work) {
        try {
            work.run();
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
        }
        return "redirect:/people";
    }
}
