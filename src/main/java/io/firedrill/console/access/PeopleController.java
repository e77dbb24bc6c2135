package io.firedrill.console.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/people}, {@code /api/tokens}. */
@RestController
@RequestMapping("/api")
final class PeopleController {
    private final People people;

    PeopleController(People people) {
        this.people = people;
    }

    record PersonView(String name, List<String> roles, String state, String createdBy, String createdAt) {
        static PersonView of(Account account) {
            return new PersonView(
                    account.name(),
                    account.roles().stream().map(Role::word).toList(),
                    account.disabledAt() != null ? "disabled" : account.ready() ? "ready" : "invited",
                    account.createdBy(),
                    account.createdAt().toString());
        }
    }

    record PeopleListing(List<PersonView> people) {}

    record Person(@Nullable String name, @Nullable List<String> roles) {}

    /** @param link path of the one-time link, to be put behind the server's address */
    record Invited(String name, String link) {}

    @GetMapping("/people")
    PeopleListing people() {
        return new PeopleListing(people.accounts().stream().map(PersonView::of).toList());
    }

    @PostMapping("/people")
    Invited add(@RequestBody Person person, Authentication by) {
        String name = person.name() == null ? "" : person.name();
        String link = people.add(name, person.roles() == null ? List.of() : person.roles(), by.getName());
        return new Invited(Accounts.name(name), link);
    }

    @PostMapping("/people/{name}/invite")
    Invited invite(@PathVariable String name) {
        return new Invited(Accounts.name(name), people.invite(name));
    }

    @PostMapping("/people/{name}/disable")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void disable(@PathVariable String name) {
        people.disable(name);
    }

    record TokenView(
            String name, String role, String owner, String state, String createdBy, String createdAt, @Nullable String lastUsedAt) {
        static TokenView of(ApiToken token) {
            return new TokenView(
                    token.name(),
                    token.role().word(),
                    token.owner(),
                    token.revokedAt() == null ? "good" : "revoked",
                    token.createdBy(),
                    token.createdAt().toString(),
                    token.lastUsedAt() == null ? null : token.lastUsedAt().toString());
        }
    }

    record TokenListing(List<TokenView> tokens) {}

    /** @param owner in whose name it acts; null: the one who asks */
    record TokenRequest(@Nullable String name, @Nullable String role, @Nullable String owner) {}

    record Created(String name, String token) {}

    @GetMapping("/tokens")
    TokenListing tokens() {
        return new TokenListing(people.tokens().stream().map(TokenView::of).toList());
    }

    @PostMapping("/tokens")
    Created create(@RequestBody TokenRequest request, Authentication by) {
        String name = request.name() == null ? "" : request.name();
        String owner = request.owner() == null ? by.getName() : request.owner();
        return new Created(
                name, people.createToken(name, request.role() == null ? "" : request.role(), owner, by.getName()));
    }

    @PostMapping("/tokens/{name}/revoke")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String name) {
        people.revokeToken(name);
    }
}
