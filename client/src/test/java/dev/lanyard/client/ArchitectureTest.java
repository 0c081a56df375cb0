package dev.lanyard.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/design.md, Modules: the client library")
class ArchitectureTest {
  private static final String ROOT = "dev.lanyard.client";

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
        .resideInAnyPackage(
            "dev.lanyard.resourceserver..", "dev.lanyard.server..", "com.nimbusds..")
        .check(LIBRARY);
  }

  @Test
  @DisplayName("the ways stand on the shared flow, the flow on the words, and no way on another")
  void layers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("words")
        .definedBy(ROOT)
        .layer("flow")
        .definedBy(ROOT + ".flow")
        .layer("ema")
        .definedBy(ROOT + ".ema")
        .layer("code")
        .definedBy(ROOT + ".code")
        .layer("service")
        .definedBy(ROOT + ".service")
        .layer("mcp")
        .definedBy(ROOT + ".mcp")
        .whereLayer("flow")
        .mayOnlyBeAccessedByLayers("ema", "code", "service")
        .whereLayer("ema")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("code")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("service")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("mcp")
        .mayNotBeAccessedByAnyLayer()
        .check(LIBRARY);
  }

  @Test
  void only_the_adapter_knows_the_mcp_sdk() {
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
