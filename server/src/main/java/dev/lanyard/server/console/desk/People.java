package dev.lanyard.server.console.desk;

import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.diagnosis.Cause;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds people, of whatever organisation, and what failed last for each.
public final class People {
  private static final int LOOKED_THROUGH = 200;
  private static final int FAILURES = 10;

  private final Parts parts;

  public People(Parts parts) {
    this.parts = parts;
  }

  /// Something that did not work.
  public record Failure(
      String at, String event, String says, String remedy, String check, String reference) {}

  public Optional<Person> find(String id) {
    return PersonId.parse(id).flatMap(parts.directory()::person);
  }

  /// The people whose user name, address or name contains the text, or who have it exactly: as our
  /// id, as what an identity provider calls them (`sub`, NameID), or as a source's external id.
  public Stream<Person> matching(String asked) {
    var all = parts.directory().all().stream();
    if (asked.isEmpty()) {
      return all;
    }
    var outside = parts.directory().calledOutside(asked);
    var sought = asked.toLowerCase(Locale.ROOT);
    return all.filter(person ->
        person.id().value().equals(asked)
            || outside.contains(person.id())
            || contains(person.userName(), sought)
            || person.email().filter(email -> contains(email, sought)).isPresent()
            || contains(person.displayName(), sought));
  }

  private static boolean contains(String text, String sought) {
    return text.toLowerCase(Locale.ROOT).contains(sought);
  }

  public List<Failure> failures(Person person) {
    var records =
        parts.audit().query(AuditQuery.newest(LOOKED_THROUGH).ofPerson(person.id().value()));
    return records.reversed().stream()
        .filter(record -> record.event().outcome() != Outcome.SUCCESS)
        .limit(FAILURES)
        .map(this::failure)
        .toList();
  }

  private Failure failure(AuditRecord record) {
    var event = record.event();
    var cause = parts.diagnostics().cause(event);
    var advice = cause.flatMap(Cause::advice);
    return new Failure(
        event.at().toString(),
        event.type(),
        advice.map(one -> one.says()).orElse("There are no words for this refusal yet."),
        advice.map(one -> one.remedy()).orElse(""),
        cause.flatMap(Cause::check).orElse("–"),
        event.correlationId());
  }
}
