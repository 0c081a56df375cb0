package dev.lanyard.conformance;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One rule for all modules, in the one that sees them all.
@DisplayName("docs/architecture.md: nobody reads the wall clock")
class WallClockTest {
  @ParameterizedTest
  @ValueSource(strings = {"protocol", "client", "resourceserver", "suite", "server"})
  void of(String module) {
    var root = "dev.lanyard." + module;
    classes()
        .that()
        // Who starts the whole hands it a clock.
        .resideOutsideOfPackage("dev.lanyard.server.app..")
        .should(new HandedAClock())
        .check(
            new ClassFileImporter()
                // The predefined option does not know the output directory of -Pquick.
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages(root));
  }

  private static final class HandedAClock extends ArchCondition<JavaClass> {
    HandedAClock() {
      super("be handed a Clock");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      for (var access : type.getAccessesFromSelf()) {
        if (access.getTarget() instanceof CodeUnitAccessTarget target && readsWallClock(target)) {
          events.add(violated(type, access.getDescription()));
        }
      }
    }

    /// `Instant.now(clock)` is the way; `now()` and `now(zone)` read the machine's clock.
    private static boolean readsWallClock(CodeUnitAccessTarget target) {
      var owner = target.getOwner();
      var parameters = target.getRawParameterTypes();
      return switch (target.getName()) {
        case "now" ->
            owner.getPackageName().startsWith("java.time")
                && parameters.stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
        case "currentTimeMillis" -> owner.isEquivalentTo(System.class);
        case "system",
            "systemUTC",
            "systemDefaultZone",
            "tickMillis",
            "tickSeconds",
            "tickMinutes" ->
            owner.isEquivalentTo(Clock.class);
        case "<init>" -> owner.isEquivalentTo(Date.class) && parameters.isEmpty();
        case "getInstance" -> owner.isEquivalentTo(Calendar.class);
        default -> false;
      };
    }
  }
}
