package dev.lanyard.server.library;

import dev.lanyard.server.library.LibraryFinding.Severity;
import java.util.ArrayList;
import java.util.Collection;
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
      var all = Stream.concat(role.conditions().stream(), given(role.connectors().values()));
      judge("role", role.name(), all.toList());
    }
    for (var exemption : library.exemptions()) {
      judge("exception", exemption.name(), given(exemption.connectors().values()).toList());
    }
    return findings;
  }

  private static Stream<Requirement> given(Collection<Given> given) {
    return given.stream().flatMap(one -> one.conditions().stream());
  }

  private void judge(String kind, String name, List<Requirement> requirements) {
    for (var requirement : requirements) {
      if (people.unverified() > 0 && requirement.condition().asksForEmail()) {
        add(
            kind,
            name,
            requirement,
            "person.email, and of %d people nobody has verified the address"
                .formatted(people.unverified()),
            "list email_domains of their provider");
      }
      if (people.told() > 0 && requirement.condition().asksForUserName()) {
        add(
            kind,
            name,
            requirement,
            "person.user_name, which of %d people only a provider has told"
                .formatted(people.told()),
            "ask for the verified address");
      }
    }
  }

  private void add(String kind, String name, Requirement one, String asked, String remedy) {
    findings.add(
        check.finding(
            Severity.WARNING,
            "unproven-name",
            kind,
            name,
            "condition '%s' of %s '%s' asks for %s: it is not met by them, whatever it asks"
                .formatted(one.name(), kind, name, asked),
            remedy + ", or go by person.id or groups"));
  }
}
