package dev.lanyard.server.directory;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whose e-mail addresses were before, in one transaction of the caller's. Written whenever
/// somebody loses an address, kept for ever: nobody knows how old an assertion or an account
/// elsewhere is that still goes by it.
final class FormerAddresses {
  private final Statements statements;

  FormerAddresses(Connection connection) {
    this(new Statements(connection));
  }

  FormerAddresses(Statements statements) {
    this.statements = statements;
  }

  private record Held(PersonId person, String organisation, String key) {}

  /// Notes the addresses that people have now, because they are about to lose them.
  void note(Collection<PersonId> people, Instant now) throws SQLException {
    note(held(people), now);
  }

  /// The same of one person who may keep the address.
  void noteUnless(PersonId person, Optional<String> kept, Instant now) throws SQLException {
    var lost = held(List.of(person));
    lost.removeIf(one -> kept.map(Keys::email).equals(Optional.of(one.key())));
    note(lost, now);
  }

  private List<Held> held(Collection<PersonId> people) throws SQLException {
    return statements.among(
        "SELECT id, organisation, email FROM person WHERE email IS NOT NULL AND id IN",
        people.stream().map(PersonId::value).toList(),
        rows ->
            new Held(
                new PersonId(rows.getString(1)), rows.getString(2), Keys.email(rows.getString(3))));
  }

  private void note(List<Held> lost, Instant now) throws SQLException {
    var insert =
        """
        INSERT INTO former_address (organisation, address_hash, person, until) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """;
    statements.each(
        insert,
        lost.stream()
            .map(one ->
                new Object[] {one.organisation(), hash(one.key()), one.person().value(), now})
            .toList());
  }

  /// Whether an address was anybody's.
  boolean isKnown(String organisation, String email) throws SQLException {
    return statements.finds(
        "SELECT 1 FROM former_address WHERE organisation = ? AND address_hash = ?",
        organisation,
        hash(Keys.email(email)));
  }

  /// Whether an address was somebody's other than this person's.
  boolean wasAnothers(String organisation, String email, PersonId person) throws SQLException {
    return statements.finds(
        """
        SELECT 1 FROM former_address
        WHERE organisation = ? AND address_hash = ? AND person <> ?
        """,
        organisation,
        hash(Keys.email(email)),
        person.value());
  }

  private record Former(String person, String hash) {}

  /// Those of them who had another address than they have now. Whoever has just lost the one by
  /// which they are told of had no other.
  Set<PersonId> renamed(Collection<Person> people) throws SQLException {
    var now = new HashMap<String, String>();
    people.forEach(one -> now.put(one.id().value(), current(one)));
    return statements
        .among(
            "SELECT person, address_hash FROM former_address WHERE person IN",
            now.keySet(),
            row -> new Former(row.getString(1), row.getString(2)))
        .stream()
        .filter(one -> !one.hash().equals(now.get(one.person())))
        .map(one -> new PersonId(one.person()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Of the address that somebody has now; nobody's without one.
  private static String current(Person person) {
    return person.email().map(address -> hash(Keys.email(address))).orElse("");
  }

  private static String hash(String key) {
    return HexFormat.of().formatHex(Sha256.of(key));
  }
}
