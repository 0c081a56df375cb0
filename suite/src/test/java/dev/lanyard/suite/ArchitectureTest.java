package dev.lanyard.suite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/architecture.md, Modules: the suite")
class ArchitectureTest {
  private static final JavaClasses SUITE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("dev.lanyard.suite");

  @Test
  void no_circles_between_packages() {
    slices().matching("dev.lanyard.(**)").should().beFreeOfCycles().check(SUITE);
  }

  @Test
  @DisplayName("it knows nothing of our servers: what it finds, anybody could have found")
  void knows_of_ours_the_protocol_only() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.lanyard.client..",
            "dev.lanyard.resourceserver..",
            "dev.lanyard.server..",
            "com.nimbusds..")
        .check(SUITE);
  }
}
