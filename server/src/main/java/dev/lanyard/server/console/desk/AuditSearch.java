package dev.lanyard.server.console.desk;

import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.EventType;
import dev.lanyard.server.directory.Person;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What somebody looks for in the audit record, in their own words. An empty answer to what cannot
/// mean anything would be a false one.
///
/// @param person a user name, an address or an id; whoever was erased is known by the id only
/// @param reference the correlation id of a request
public record AuditSearch(
    Optional<String> person,
    Optional<String> organisation,
    Optional<String> type,
    Optional<String> reference) {

  /// What it comes to.
  public sealed interface Meaning {
    record Clear(AuditQuery query) implements Meaning {}

    /// @param why for whoever asked
    record Unclear(String why) implements Meaning {}

    /// The id of the person whom it is about.
    default Optional<String> about() {
      return this instanceof Clear(var query) ? query.person() : Optional.empty();
    }
  }

  /// @param last how many records at most
  public Meaning meaning(Parts parts, int last) {
    if (type.isPresent() && type.flatMap(EventType::named).isEmpty()) {
      return new Meaning.Unclear("There is no event of the type '" + type.get() + "'.");
    }
    var query = AuditQuery.newest(last);
    query = organisation.map(query::ofOrganisation).orElse(query);
    query = type.map(query::ofType).orElse(query);
    query =
        reference.map(text -> text.toLowerCase(Locale.ROOT)).map(query::ofRequest).orElse(query);
    return person.isEmpty() ? new Meaning.Clear(query) : about(parts, person.get(), query);
  }

  private static Meaning about(Parts parts, String named, AuditQuery query) {
    var meant = parts.directory().meant(named, Optional.empty());
    if (meant.size() > 1) {
      var ids = meant.stream().map(AuditSearch::told).sorted().collect(Collectors.joining(", "));
      return new Meaning.Unclear(
          "'" + named + "' is more than one person; search by one of the ids: " + ids + ".");
    }
    if (meant.isEmpty() && parts.audit().query(AuditQuery.newest(1).ofPerson(named)).isEmpty()) {
      return new Meaning.Unclear(
          "Nobody is known as '%s', and no record has that id; whoever is gone is found by the id"
                  .formatted(named)
              + " only.");
    }
    var id = meant.isEmpty() ? named : meant.getFirst().id().value();
    return new Meaning.Clear(query.ofPerson(id));
  }

  private static String told(Person person) {
    return person.id().value() + " of " + person.organisation();
  }
}
