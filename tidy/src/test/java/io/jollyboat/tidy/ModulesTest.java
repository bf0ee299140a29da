package io.jollyboat.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which module knows which: dependencies point only up the list in ARCHITECTURE.md. */
class ModulesTest {
    /** From the bottom up: a module may know those before it, so far as its own pom names them. */
    private static final List<String> ORDER = List.of(
            "world",
            "api",
            "store",
            "server",
            "client",
            "controllers",
            "linux",
            "images",
            "network",
            "node",
            "cluster",
            "cli");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.jollyboat");

    @Test
    void dependenciesPointUpTheList() {
        for (int i = 0; i < ORDER.size(); i++) {
            for (String later : ORDER.subList(i + 1, ORDER.size())) {
                forbid(ORDER.get(i), later);
            }
        }
    }

    @Test
    void neighboursDoNotKnowEachOther() {
        forbid("controllers", "server");
        forbid("controllers", "store");
        forbid("client", "server");
        forbid("client", "store");
        forbid("node", "server");
        forbid("node", "store");
        forbid("node", "controllers");
        forbid("network", "server");
        forbid("network", "store");
        forbid("network", "controllers");
        forbid("network", "images");
        forbid("node", "network");
        forbid("linux", "api");
        forbid("images", "api");
        forbid("store", "api");
    }

    @Test
    void imagesKnowOfTheServerOnlyItsWire() {
        noClasses()
                .that()
                .resideInAPackage("io.jollyboat.images..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.jollyboat.server..")
                        .and(not(resideInAPackage("io.jollyboat.server.http.wire.."))))
                .check(classes);
    }

    @Test
    void theApiKnowsNoSocketsAndNoThreads() {
        noClasses()
                .that()
                .resideInAPackage("io.jollyboat.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "io.netty..", "java.util.concurrent.locks..")
                .check(classes);
    }

    @Test
    void packagesMakeNoCircles() {
        slices().matching("io.jollyboat.(*)").should().beFreeOfCycles().check(classes);
    }

    private void forbid(String module, String other) {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("io.jollyboat." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jollyboat." + other + "..")
                .allowEmptyShould(true);
        rule.check(classes);
    }
}
