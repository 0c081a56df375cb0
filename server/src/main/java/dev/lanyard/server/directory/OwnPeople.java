package dev.lanyard.server.directory;

import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The people of the installation's own broker, as the resource authorization server on the same
/// directory knows them: they are the same people (decision 143). And the second people whom
/// earlier releases made of them there, until they are united. Thread-safe.
public final class OwnPeople {
  private final People people;
  private volatile Supplier<Optional<OwnBroker>> broker = Optional::empty;

  OwnPeople(People people) {
    this.people = people;
  }

  /// Says who the broker is. To be called before anything is served.
  ///
  /// @param is asked at every redemption and every kill
  public void of(Supplier<Optional<OwnBroker>> is) {
    broker = is;
  }

  /// The broker of this installation, if the record knows of one.
  public Optional<OwnBroker> broker() {
    return broker.get();
  }

  /// The person whom the broker means by a subject, also when they are deleted.
  public Optional<Person> person(OwnBroker own, String subject) {
    return own.person(subject)
        .flatMap(people::person)
        .filter(one -> one.organisation().equals(own.organisation()));
  }

  /// The same of an issuer's subject in an organisation, if that is the broker's.
  Optional<Person> person(ExternalSubject subject) {
    return broker()
        .filter(own -> own.issuer().equals(subject.issuer()))
        .filter(own -> own.organisation().equals(subject.organisation()))
        .flatMap(own -> person(own, subject.subject()));
  }

  /// The second person whom a subject of the broker's has meant and whom somebody has switched off.
  public Optional<Person> switchedOff(ExternalSubject subject) {
    return people.byLink(subject).filter(second -> second.standing() == Standing.DISABLED);
  }

  /// Whom of the broker's people somebody is beside themselves: a second person, whom an earlier
  /// release made at the resource authorization server. From memory.
  public Optional<PersonId> first(OwnBroker own, PersonId second) {
    return people.links(second).stream()
        .filter(link -> link.issuer().equals(own.issuer()))
        .flatMap(link -> person(own, link.subject()).stream())
        .map(Person::id)
        .filter(first -> !first.equals(second))
        .findFirst();
  }

  /// Who else somebody is, from memory.
  public Set<PersonId> seconds(PersonId first) {
    return broker().map(own -> seconds(own, first)).orElse(Set.of());
  }

  private Set<PersonId> seconds(OwnBroker own, PersonId first) {
    return own.subjects(first).stream()
        .flatMap(subject -> people.linked(own.issuer(), subject))
        .filter(second -> !second.equals(first))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Somebody who is a second person.
  ///
  /// @param subject by which the broker means the first
  public record Second(ExternalSubject subject, PersonId second, PersonId first) {}

  /// Everybody of the broker's organisation who is a second person and not switched off: whoever
  /// is, is so because somebody wanted it, and their first one gets nothing there either.
  public List<Second> all(Connection connection) throws SQLException {
    var own = broker();
    if (own.isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<Second>();
    for (var link : links(connection, own.get())) {
      person(own.get(), link.subject().subject())
          .map(Person::id)
          .filter(first -> !first.equals(link.person()))
          .filter(_ -> people.person(link.person()).filter(OwnPeople::isNotOff).isPresent())
          .ifPresent(first -> all.add(new Second(link.subject(), link.person(), first)));
    }
    return all;
  }

  private record Link(ExternalSubject subject, PersonId person) {}

  private static List<Link> links(Connection connection, OwnBroker own) throws SQLException {
    return new Statements(connection)
        .list(
            "SELECT subject, person FROM person_link"
                + " WHERE organisation = ? AND issuer = ? AND person <> subject",
            rows ->
                new Link(
                    new ExternalSubject(own.organisation(), own.issuer(), rows.getString(1)),
                    new PersonId(rows.getString(2))),
            own.organisation(),
            own.issuer().value());
  }

  private static boolean isNotOff(Person second) {
    return second.standing() != Standing.DISABLED;
  }

  /// Makes the subject mean the first one, in the transaction that takes everything from the
  /// second.
  ///
  /// @return whether it meant the second until now
  public boolean unite(Connection connection, Second one) throws SQLException {
    return new PersonTables(connection).links().move(one.subject(), one.second(), one.first());
  }

  /// Whether nobody but the broker has ever meant somebody: no other issuer and no source, and they
  /// have no password.
  public boolean isNobodyElses(Connection connection, Second one) throws SQLException {
    var others =
        "SELECT 1 FROM person_link WHERE person = ? AND issuer <> ?"
            + " UNION ALL SELECT 1 FROM password WHERE person = ?";
    return !new Statements(connection)
            .finds(
                others, one.second().value(), one.subject().issuer().value(), one.second().value())
        && !new PersonTables(connection).isProvisioned(one.second());
  }
}
