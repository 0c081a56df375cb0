package dev.lanyard.protocol;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/design.md, Modules: the protocol library")
class ArchitectureTest {
  private static final String ROOT = "dev.lanyard.protocol";

  private static final JavaClasses PROTOCOL =
      new ClassFileImporter()
          // The predefined option does not know the output directory of -Pquick.
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  @Test
  void no_circles_between_packages() {
    check(slices().matching("dev.lanyard.(**)").should().beFreeOfCycles());
  }

  @Test
  void only_jose_knows_nimbus() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".jose..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.nimbusds..")
            .because("the JOSE library is to be exchangeable"));
  }

  @Test
  void knows_no_other_module() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.lanyard.client..", "dev.lanyard.resourceserver..", "dev.lanyard.server.."));
  }

  @Test
  void names_say_what_a_class_is() {
    check(noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl)(\\$.*)?"));
  }

  @Test
  void nothing_is_injected_into_fields() {
    check(NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
  }

  @Test
  void every_package_says_what_it_owns_and_is_null_marked() {
    check(
        classes()
            .should(
                satisfy(
                    "be in a package with a @NullMarked package-info",
                    (type, events) -> {
                      if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                        events.add(violated(type, type.getPackageName() + " has none"));
                      }
                    })));
  }

  /// A rule that finds nothing to judge fails, except while there are no sub-packages.
  private static void check(ArchRule rule) {
    var empty = PROTOCOL.stream().allMatch(type -> type.getPackageName().equals(ROOT));
    rule.allowEmptyShould(empty).check(PROTOCOL);
  }

  private static ArchCondition<JavaClass> satisfy(
      String description, BiConsumer<JavaClass, ConditionEvents> judge) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        judge.accept(type, events);
      }
    };
  }
}
