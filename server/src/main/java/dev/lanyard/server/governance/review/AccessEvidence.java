package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What each role gives to how many people, and every exception: an item for each, since each is a
/// decision of its own. What is given stands in the lines only: a library gives very much, and a
/// review is one document.
public final class AccessEvidence implements Evidence {
  private final Library library;
  private final Coverage coverage;
  private final Population population;

  /// @param coverage of the same time and the people who are counted
  public AccessEvidence(Library library, Coverage coverage, Population population) {
    this.library = library;
    this.coverage = coverage;
    this.population = population;
  }

  @Override
  public List<Item> of(Period period) {
    return Stream.concat(
            library.roles().stream().map(this::role),
            library.exemptions().stream().filter(this::concerns).map(one -> exemption(one, period)))
        .toList();
  }

  /// An exception that names only people of other providers is in the reviews of those.
  private boolean concerns(Exemption one) {
    return !one.groups().isEmpty() || one.people().stream().anyMatch(population::hasNamed);
  }

  private Item role(Role role) {
    int people =
        coverage.roles().stream()
            .filter(one -> one.name().equals(role.name()))
            .mapToInt(Coverage.Role::people)
            .sum();
    var lines = new ArrayList<String>();
    lines.add(
        "%d people in %s; owner: %s"
            .formatted(
                people,
                role.groups().isEmpty()
                    ? "no group"
                    : String.join(", ", new TreeSet<>(role.groups())),
                role.owner().orElse("NOBODY")));
    role.clearance().ifPresent(clearance -> lines.add("clearance: " + clearance.name()));
    if (!role.agents().isEmpty()) {
      lines.add(
          "agents: "
              + String.join(
                  ", ", role.agents().stream().map(one -> one.value()).sorted().toList()));
    }
    lines.addAll(given(role.connectors()));
    return new Item(
        "role:" + role.name(),
        "Role " + role.name(),
        lines,
        JsonObject.builder()
            .put("people", people)
            .put("groups", role.groups().stream().sorted().toList())
            .putIfPresent("owner", role.owner())
            .put("connectors", role.connectors().size())
            .build());
  }

  private Item exemption(Exemption one, Evidence.Period period) {
    var people = one.people().stream().filter(population::hasNamed).sorted().toList();
    var lines = new ArrayList<String>();
    lines.add(
        "until %s%s; owner: %s; %s"
            .formatted(
                one.until(),
                one.isInForce(period.until()) ? "" : " (over)",
                one.justification().owner(),
                one.justification().reason()));
    lines.add(
        "for %s"
            .formatted(
                String.join(
                    ", ",
                    Stream.concat(
                            people.stream(),
                            one.groups().stream().sorted().map(group -> "group " + group))
                        .toList())));
    Population.elsewhere((long) one.people().size() - people.size()).ifPresent(lines::add);
    lines.addAll(given(one.connectors()));
    return new Item(
        "exception:" + one.name(),
        "Exception " + one.name(),
        lines,
        JsonObject.builder()
            .put("until", one.until().toString())
            .put("owner", one.justification().owner())
            .put("people", people)
            .put("groups", one.groups().stream().sorted().toList())
            .put("connectors", one.connectors().size())
            .build());
  }

  private static List<String> given(Map<String, Given> connectors) {
    return new TreeMap<>(connectors)
        .entrySet().stream()
            .map(entry ->
                "%s: %s%s"
                    .formatted(
                        entry.getKey(),
                        entry.getValue().scopes(),
                        entry.getValue().conditions().isEmpty() ? "" : " (under conditions)"))
            .toList();
  }
}
