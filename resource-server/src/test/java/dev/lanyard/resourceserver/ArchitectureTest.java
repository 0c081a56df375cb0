package dev.lanyard.resourceserver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/design.md, Modules: the resource-server library")
class ArchitectureTest {
  private static final String ROOT = "dev.lanyard.resourceserver";

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          // The predefined option does not know the output directory of -Pquick.
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  @Test
  void no_circles_between_packages() {
    slices().matching("dev.lanyard.(**)").should().beFreeOfCycles().check(LIBRARY);
  }

  @Test
  void knows_of_ours_the_protocol_only() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.lanyard.client..", "dev.lanyard.server..", "com.nimbusds..")
        .check(LIBRARY);
  }

  @Test
  void the_guard_knows_no_way_of_learning_what_was_revoked() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".status..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".status..")
        .because("each is a TokenStatus, and integrators may have one of their own")
        .check(LIBRARY);
  }

  @Test
  void the_ways_of_learning_what_was_revoked_know_no_filter() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".status..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".servlet..", ROOT + ".mcp..")
        .check(LIBRARY);
  }

  @Test
  void only_the_filters_know_servlets() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".servlet..", ROOT + ".mcp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.servlet..")
        .because("it is optional for whoever uses the library")
        .check(LIBRARY);
  }

  @Test
  void only_its_adapter_knows_the_mcp_sdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".mcp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
        .because("it is optional for whoever uses the library")
        .check(LIBRARY);
  }
}
