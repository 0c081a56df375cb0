package dev.lanyard.server.library;

import dev.lanyard.server.condition.ConditionCompiler;
import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.yaml.FaultyFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a person should see before a library acts: what cannot be loaded, and what can be loaded
/// and is not what anybody can have meant.
public final class LibraryCheck {
  private static final Duration SOON = Duration.ofDays(14);

  private final LibrarySource source;
  private final Library library;
  private final Places places;
  private final Instant now;
  private final List<LibraryFinding> findings = new ArrayList<>();

  private LibraryCheck(LibrarySource source, LibrarySource.Reading reading, Instant now) {
    this.source = source;
    this.library = reading.library();
    this.places = reading.places();
    this.now = now;
  }

  /// Checks files, as they are judged at this instant.
  ///
  /// @param people for whom, if that is known
  public static List<LibraryFinding> of(
      LibrarySource source, Optional<Populace> people, Instant now) {
    return of(source, people, _ -> Map.of(), now);
  }

  /// The same with a look from outside.
  ///
  /// @param probe looks at connectors, and says what it saw by their ids
  public static List<LibraryFinding> of(
      LibrarySource source,
      Optional<Populace> people,
      Function<Library, Map<String, List<Observation>>> probe,
      Instant now) {
    try {
      var check = new LibraryCheck(source, source.readWithPlaces(new ConditionCompiler()), now);
      check.library();
      people.ifPresent(check::people);
      probe.apply(check.library).forEach(check::seen);
      return check.inOrder();
    } catch (FaultyFileException e) {
      return e.faults().stream().map(LibraryFinding::of).toList();
    }
  }

  /// The same for files that have been read.
  static List<LibraryFinding> of(LibrarySource source, LibrarySource.Reading reading, Instant now) {
    var check = new LibraryCheck(source, reading, now);
    check.library();
    return check.inOrder();
  }

  /// What can be said of the files alone.
  private void library() {
    roles();
    connectors();
    clients();
    exemptions();
    var givers = Giver.of(library, now);
    givers.forEach(this::clearance);
    findings.addAll(new SeparationCheck(library, givers, this::finding).findings());
  }

  private List<LibraryFinding> inOrder() {
    return findings.stream()
        .sorted(
            Comparator.comparing(LibraryFinding::file)
                .thenComparingInt(LibraryFinding::line)
                .thenComparing(LibraryFinding::code)
                .thenComparing(LibraryFinding::reason))
        .toList();
  }

  /// A finding about an entry.
  ///
  /// @param kind as [Places] has it
  LibraryFinding finding(
      Severity severity, String code, String kind, String name, String reason, String remedy) {
    var place = places.of(kind, name, source.origin());
    return new LibraryFinding(severity, code, place.file(), place.line(), reason, remedy);
  }

  private void error(String code, String kind, String name, String reason, String remedy) {
    findings.add(finding(Severity.ERROR, code, kind, name, reason, remedy));
  }

  private void warning(String code, String kind, String name, String reason, String remedy) {
    findings.add(finding(Severity.WARNING, code, kind, name, reason, remedy));
  }

  private void seen(String connector, List<Observation> observations) {
    for (var one : observations) {
      findings.add(
          finding(one.severity(), one.code(), "connector", connector, one.reason(), one.remedy()));
    }
  }

  private void roles() {
    for (var role : library.roles()) {
      var name = role.name();
      if (role.owner().isEmpty()) {
        error(
            "role-without-owner",
            "role",
            name,
            "role '" + name + "' has no owner",
            "write 'owner:' with the name of who answers for it");
      }
      unreachable(role)
          .ifPresent(why ->
              error(
                  "unreachable-role",
                  "role",
                  name,
                  "role '" + name + "' can never apply: " + why,
                  "mend that, or remove the role"));
    }
  }

  private Optional<String> unreachable(Role role) {
    if (role.connectors().isEmpty()) {
      return Optional.of("it gives no connector");
    }
    boolean usable =
        library.clients().isEmpty()
            || library.clients().stream()
                .anyMatch(one -> one.serves(role.name()) && role.worksThrough(one.id()));
    if (!usable) {
      return Optional.of("no client of the library may be used for it");
    }
    return role.conditions().stream()
        .filter(one -> one.condition().text().strip().equals("false"))
        .map(one -> "its condition '" + one.name() + "' is never met")
        .findFirst();
  }

  private void people(Populace people) {
    groupsWithoutMembers(people.groups());
    findings.addAll(new UnprovenCheck(library, people, this).findings());
  }

  private void groupsWithoutMembers(Set<String> groups) {
    for (var role : library.roles()) {
      if (!role.groups().isEmpty() && role.groups().stream().noneMatch(groups::contains)) {
        warning(
            "role-without-members",
            "role",
            role.name(),
            "nobody is in a group of role '" + role.name() + "': " + sorted(role.groups()),
            "compare the names with the directory; they are compared exactly");
      }
    }
  }

  private void clearance(Giver giver) {
    giver.connectors().keySet().stream()
        .flatMap(id -> library.connector(id).stream())
        .forEach(connector -> clearance(giver, connector));
  }

  private void clearance(Giver giver, Connector connector) {
    var clearance = giver.clearance();
    var graded = connector.tools().all().stream().filter(tool -> tool.grade().isPresent()).toList();
    var above =
        graded.stream()
            .filter(tool -> !clearance.covers(tool.grade().orElseThrow()))
            .map(tool -> tool.name() + " (" + tool.grade().orElseThrow() + ")")
            .toList();
    if (above.isEmpty()) {
      return;
    }
    boolean all = above.size() == graded.size();
    findings.add(
        finding(
            all ? Severity.ERROR : Severity.WARNING,
            "above-clearance",
            giver.kind(),
            giver.name(),
            "%s is cleared for '%s' and gives '%s', of which %s: %s"
                .formatted(
                    giver,
                    clearance,
                    connector.id(),
                    all ? "every graded tool is above that" : "these tools are above that",
                    String.join(", ", above)),
            all
                ? "raise the clearance, or take the connector from the " + giver.kind()
                : "they stay hidden; raise the clearance if they should not"));
  }

  private void connectors() {
    for (var connector : library.connectors()) {
      var id = connector.id();
      var ungraded =
          connector.tools().all().stream()
              .filter(tool -> tool.grade().isEmpty())
              .map(Tool::name)
              .toList();
      if (!ungraded.isEmpty()) {
        warning(
            "ungraded-tool",
            "connector",
            id,
            "connector '" + id + "' has tools without a grade: " + String.join(", ", ungraded),
            "they stay hidden until somebody grades them");
      }
      if (connector.tools().all().size() > ungraded.size()
          && connector.tools().review().isEmpty()) {
        warning(
            "unreviewed-grades",
            "connector",
            id,
            "nobody stands for the grades of connector '" + id + "'",
            "let a senior person judge them and write 'review:' with by, on and rationale");
      }
      if (library.roles().stream().noneMatch(role -> role.connectors().containsKey(id))
          && library.exemptions().stream().noneMatch(one -> one.connectors().containsKey(id))) {
        warning(
            "unused-connector",
            "connector",
            id,
            "nothing gives connector '" + id + "'",
            "give it to a role, or leave it for later");
      }
    }
  }

  private void clients() {
    for (var client : library.clients()) {
      var id = client.id().value();
      if (library.roles().stream()
          .noneMatch(role -> client.serves(role.name()) && role.worksThrough(client.id()))) {
        warning(
            "unused-client",
            "client",
            id,
            "no role may be used through client '" + id + "'",
            "name the client in a role's 'clients', or remove it");
      }
    }
  }

  private void exemptions() {
    for (var exemption : library.exemptions()) {
      var name = exemption.name();
      if (!exemption.isInForce(now)) {
        error(
            "exception-ended",
            "exception",
            name,
            "exception '" + name + "' ended at " + exemption.until() + " and gives nothing",
            "remove it, or let " + exemption.justification().owner() + " justify a later date");
      } else if (!exemption.isInForce(now.plus(SOON))) {
        warning(
            "exception-ends-soon",
            "exception",
            name,
            "exception '" + name + "' ends at " + exemption.until(),
            "ask " + exemption.justification().owner() + " whether a role should follow");
      }
    }
  }

  private static String sorted(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }
}
