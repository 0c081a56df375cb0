package dev.lanyard.server.publication.plan;

import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Member;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What of a person two libraries can look at: whoever is alike in that is treated alike by both,
/// so that it is enough to ask for one of them.
///
/// Whether a condition looks at something is judged by its text, and rather once too often: a word
/// in a quotation makes more sorts of people than there are, which costs time and nothing else.
final class Sensitivity {
  private final Set<String> groups = new HashSet<>();
  private final Set<String> named = new HashSet<>();
  private final boolean toPerson;
  private final boolean toAllGroups;
  private final boolean toClient;

  Sensitivity(List<Library> libraries) {
    for (var library : libraries) {
      library.roles().forEach(role -> groups.addAll(role.groups()));
      library
          .exemptions()
          .forEach(exemption -> {
            groups.addAll(exemption.groups());
            exemption.people().forEach(name -> named.add(Member.key(name)));
          });
    }
    var texts =
        libraries.stream()
            .flatMap(library -> library.requirements().stream())
            .map(requirement -> requirement.condition().text())
            .toList();
    this.toPerson = texts.stream().anyMatch(text -> text.contains("person"));
    this.toAllGroups = texts.stream().anyMatch(text -> text.contains("groups"));
    this.toClient = texts.stream().anyMatch(text -> text.contains("client"));
  }

  /// Whether conditions tell apart clients that nothing else names.
  boolean isToClient() {
    return toClient;
  }

  /// People of one sort are treated alike.
  ///
  /// @param person whom the sort consists of alone; empty if it is for everybody in the groups
  /// @param only as of a [Member]
  record Sort(String person, Set<String> groups, Optional<Set<String>> only) {}

  Sort sort(Member member) {
    boolean isNamed = !named.isEmpty() && member.isAmong(named);
    var alone = toPerson || isNamed ? member.id() : "";
    if (toAllGroups) {
      return new Sort(alone, member.groups(), member.only());
    }
    var relevant = new HashSet<String>();
    for (var group : member.groups()) {
      if (groups.contains(group)) {
        relevant.add(group);
      }
    }
    return new Sort(alone, relevant, member.only());
  }
}
