package dev.lanyard.server;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.tools.ToolRegister;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/architecture.md: arrows point down only, never sideways, never in a circle")
class ArchitectureTest {
  private static final String ROOT = "dev.lanyard.server.";

  /// The rows of the architecture page. A package that is not in it fails the build: give it a row
  /// first.
  private static final Map<String, Integer> ROW =
      rows(
          Map.of(
              8, List.of("app"),
              7, List.of("console"),
              6,
                  List.of(
                      "broker",
                      "ras",
                      "gateway",
                      "scim",
                      "signals",
                      "governance",
                      "receipts",
                      "credentials",
                      "setup",
                      "diagnosis"),
              5, List.of("administration", "authorization", "feed", "publication"),
              4, List.of("token", "revocation", "tools", "export", "transparency", "requests"),
              3, List.of("policy"),
              2,
                  List.of(
                      "clients",
                      "directory",
                      "sessions",
                      "catalog",
                      "keys",
                      "audit",
                      "delivery",
                      "saml",
                      "stdio",
                      "schedule"),
              1, List.of("http", "database", "telemetry", "library"),
              0, List.of("yaml", "condition", "metrics", "tracing", "tlog", "flight")));

  /// The rooms of capabilities that have numbered theirs. There a room without a number fails the
  /// build.
  private static final Map<String, Integer> ROOM =
      Map.ofEntries(
          entry("console", 3),
          entry("console.page", 2),
          entry("console.governance", 2),
          entry("console.api", 2),
          entry("console.gate", 1),
          entry("console.desk", 0),
          entry("console.sheet", 0),
          entry("gateway", 5),
          entry("gateway.upstream", 4),
          entry("gateway.aggregate", 4),
          entry("gateway.task", 3),
          entry("gateway.session", 2),
          entry("gateway.stream", 2),
          entry("gateway.grade", 2),
          entry("gateway.admission", 1),
          entry("gateway.front", 0),
          entry("gateway.message", 0),
          entry("signals", 3),
          entry("signals.transmitter", 2),
          entry("signals.outbound", 1),
          entry("signals.inbound", 0));

  /// Who may change what of a person, by the method of the directory. Whoever does must see to it
  /// that what the person holds by it dies in the same transaction, and everybody else must ask
  /// `revocation`. An address that means somebody else now opens nothing by itself.
  private static final Map<String, Set<String>> CHANGES_OF_PEOPLE =
      Map.of(
          "setActive", Set.of("revocation.Revocation"),
          "switchOff", Set.of("revocation.Revocation"),
          "putGroups", Set.of("revocation.GroupChanges"),
          "forgetAddresses", Set.of("revocation.Revocation", "signals.inbound.ChangedAddress"),
          "erase", Set.of("scim.Users", "revocation.Departure"));

  private static final JavaClasses SERVER =
      new ClassFileImporter()
          // The predefined option does not know the output directory of -Pquick.
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("dev.lanyard.server");

  @Test
  void every_package_has_a_row() {
    check(
        classes()
            .should(
                satisfy(
                    "be in a package of the table",
                    (type, events) -> {
                      if (row(type).isEmpty()) {
                        events.add(violated(type, type.getName() + " has no row in the table"));
                      }
                    })));
  }

  @Test
  void arrows_point_to_a_lower_row() {
    check(classes().should(satisfy("depend on lower rows only", ArchitectureTest::arrows)));
  }

  @Test
  void rooms_use_lower_rooms_only() {
    check(
        classes()
            .that()
            .resideInAnyPackage(ROOT + "console..", ROOT + "gateway..", ROOT + "signals..")
            .should(satisfy("use lower rooms only", ArchitectureTest::rooms)));
  }

  @Test
  void no_circles_between_packages() {
    check(slices().matching("dev.lanyard.(**)").should().beFreeOfCycles());
  }

  @Test
  void only_http_knows_jetty() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..")
            .because("the HTTP server is to be exchangeable"));
  }

  @Test
  void nobody_knows_nimbus() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.nimbusds..")
            .because("dev.lanyard.protocol.jose hides the JOSE library"));
  }

  @Test
  void the_server_is_no_client_of_itself() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.lanyard.client..", "dev.lanyard.demo.."));
  }

  @Test
  @DisplayName("Nobody is switched off, loses a group or is erased without a kill beside it")
  void who_changes_people() {
    var callers = new HashMap<String, Set<String>>();
    for (var type : SERVER) {
      for (var access : type.getAccessesFromSelf()) {
        var target = access.getTarget();
        if (target.getOwner().isEquivalentTo(Directory.class)
            && CHANGES_OF_PEOPLE.containsKey(target.getName())) {
          callers
              .computeIfAbsent(target.getName(), _ -> new HashSet<>())
              .add(type.getName().substring(ROOT.length()).split("\\$", -1)[0]);
        }
      }
    }
    assertThat(callers).isEqualTo(CHANGES_OF_PEOPLE);
  }

  @Test
  @DisplayName("The tools are followed once in a process, and by nothing that somebody opens")
  void who_follows_tools() {
    check(
        noClasses()
            .that()
            .haveNameNotMatching(
                "dev\\.lanyard\\.server\\.app\\.(node\\.(Lanyard|GatewayNode)|command\\.tools\\.ToolDesk)")
            .should()
            .callMethod(ToolRegister.class, "open", Database.class, InstantSource.class)
            .because("each register has a copy of the record, and follows it for ever"));
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

  /// A rule that finds nothing to judge fails, except while only `app` exists.
  private static void check(ArchRule rule) {
    var onlyApp = SERVER.stream().allMatch(type -> type.getPackageName().equals(ROOT + "app"));
    rule.allowEmptyShould(onlyApp).check(SERVER);
  }

  private static void arrows(JavaClass type, ConditionEvents events) {
    for (var dependency : type.getDirectDependenciesFromSelf()) {
      var target = dependency.getTargetClass().getBaseComponentType();
      // Without a row: the rule about rows says so.
      if (row(type).isEmpty()
          || row(target).isEmpty()
          || capability(type).equals(capability(target))) {
        continue;
      }
      if (row(type).orElseThrow() <= row(target).orElseThrow()) {
        events.add(violated(type, dependency.getDescription()));
      }
    }
  }

  private static void rooms(JavaClass type, ConditionEvents events) {
    var from = type.getPackageName().substring(ROOT.length());
    for (var dependency : type.getDirectDependenciesFromSelf()) {
      var target = dependency.getTargetClass().getBaseComponentType();
      if (!capability(type).equals(capability(target))) {
        continue;
      }
      var to = target.getPackageName().substring(ROOT.length());
      if (!from.equals(to) && ROOM.getOrDefault(from, -1) <= ROOM.getOrDefault(to, 9)) {
        events.add(violated(type, dependency.getDescription()));
      }
    }
  }

  private static Optional<Integer> row(JavaClass type) {
    return capability(type).map(ROW::get);
  }

  private static Optional<String> capability(JavaClass type) {
    var name = type.getPackageName();
    return name.startsWith(ROOT)
        ? Optional.of(name.substring(ROOT.length()).split("\\.", -1)[0])
        : Optional.empty();
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

  private static Map<String, Integer> rows(Map<Integer, List<String>> table) {
    var rows = new HashMap<String, Integer>();
    table.forEach((row, packages) -> packages.forEach(name -> rows.put(name, row)));
    return Map.copyOf(rows);
  }
}
