package io.firedrill.console;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/openapi.json}: the API for programs that read OpenAPI 3.1. A test writes the document from the controllers. */
@RestController
final class OpenApiController {
    @GetMapping(path = "/api/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    Resource document() {
        return new ClassPathResource("io/firedrill/console/openapi.json");
    }
}
