package dev.lanyard.server.library;

import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.library.Populace.Unproven;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds conditions that fail for some people whatever they ask, because they ask for what only a
/// provider has said of these people (decision 152).
final class UnprovenCheck {
  private final Library library;
  private final Populace people;
  private final LibraryCheck check;
  private final List<LibraryFinding> findings = new ArrayList<>();

  UnprovenCheck(Library library, Populace people, LibraryCheck check) {
    this.library = library;
    this.people = people;
    this.check = check;
  }

  List<LibraryFinding> findings() {
    for (var role : library.roles()) {
      var all =
          Stream.concat(
              role.conditions().stream(), Library.requirements(role.connectors().values()));
      judge("role", role.name(), all.toList());
    }
    for (var exemption : library.exemptions()) {
      judge(
          "exception",
          exemption.name(),
          Library.requirements(exemption.connectors().values()).toList());
    }
    return findings;
  }

  private void judge(String kind, String name, List<Requirement> requirements) {
    for (var requirement : requirements) {
      people
          .unproven(requirement)
          .forEach(one -> findings.add(finding(kind, name, requirement, one)));
    }
  }

  private LibraryFinding finding(
      String kind, String name, Requirement requirement, Unproven unproven) {
    return check.finding(
        Severity.WARNING,
        "unproven-name",
        kind,
        name,
        "condition '%s' of %s '%s' asks for %s: it is not met by them, whatever it asks"
            .formatted(requirement.name(), kind, name, unproven.words()),
        unproven.remedy() + ", or go by person.id or groups");
  }
}
