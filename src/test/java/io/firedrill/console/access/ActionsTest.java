package io.firedrill.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

class ActionsTest {
    @Test
    void everyCallThatChangesSomethingHasAWordInTheAuditTrailAndTheReverse() {
        Set<String> calls = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.firedrill.console")) {
            String base = type.isAnnotatedWith(RequestMapping.class) ? first(type.getAnnotationOfType(RequestMapping.class).value()) : "";
            for (JavaMethod method : type.getMethods()) {
                if (method.isAnnotatedWith(PostMapping.class)) {
                    PostMapping post = method.getAnnotationOfType(PostMapping.class);
                    calls.add((base + first(post.value()) + first(post.path())).replaceFirst("^/api(?=/)", ""));
                }
            }
        }
        assertThat(calls).hasSizeGreaterThan(20).containsExactlyInAnyOrderElementsOf(Actions.BY_PATTERN.keySet());
    }

    private static String first(String[] paths) {
        return Arrays.stream(paths).findFirst().orElse("");
    }
}
