package dev.lanyard.server.directory;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Writes what a provider says of a person at a sign-in, in one transaction of the caller's: **only
/// `revocation` may do this**, because policy may give less to who is called otherwise. What a
/// source of provisioning says stands above it, and so does what was said later. Two who get one
/// address at once on two nodes are ambiguous afterwards, as others with one address are. Nodes
/// learn of it by [Directory#announce].
public final class ToldProfiles {
  private final Statements statements;
  private final Instant now;

  /// @param now by our clock
  public ToldProfiles(Connection connection, Instant now) {
    this.statements = new Statements(connection);
    this.now = now;
  }

  private record Held(
      String userName, Optional<String> email, boolean verified, String displayName) {
    boolean has(String address) {
      return email.map(Keys::email).equals(Optional.of(Keys.email(address)));
    }
  }

  /// An address, as it is to be written.
  private record Address(Optional<String> value, boolean verified, Set<PersonId> former) {
    private static final Address NONE = new Address(Optional.empty(), false, Set.of());
  }

  /// Makes it so.
  ///
  /// @param by who says so
  /// @param saidAt when, by its clock
  /// @param holders who else has the address now: [Directory#othersWith]
  public ProfileChange put(
      Person person, Issuer by, ToldProfile said, Instant saidAt, List<PersonId> holders)
      throws SQLException {
    var id = person.id();
    var found = begin(id, saidAt);
    if (found.isEmpty()) {
      return ProfileChange.NONE;
    }
    var held = found.get();
    var withheld = new TreeSet<String>();
    var userName = said.userName().orElse(held.userName());
    if (Keys.userName(userName).equals(Keys.userName(held.userName()))) {
      if (isGiven(id)) {
        // Conditions compare letter by letter: how it is spelled is no choice of the person's.
        userName = held.userName();
      }
    } else if (isTaken(person.organisation(), userName, id)) {
      withheld.add(ProfileChange.USER_NAME);
      userName = held.userName();
    }
    var address = address(person, held, by, said.address(), saidAt, holders);
    if (said.address().address().isPresent() && address.value().isEmpty()) {
      withheld.add(ProfileChange.ADDRESS);
    }
    // A name that only repeats the user name goes with it.
    var displayName =
        said.displayName()
            .orElse(held.displayName().equals(held.userName()) ? userName : held.displayName());
    var next = new Held(userName, address.value(), address.verified(), displayName);
    var changed = changed(held, next);
    if (!changed.isEmpty()) {
      write(id, next);
    }
    return new ProfileChange(changed, withheld, address.former());
  }

  /// Claims the moment; empty if something newer was said, or the person is gone or provisioned.
  private Optional<Held> begin(PersonId id, Instant saidAt) throws SQLException {
    int claimed =
        statements.update(
            """
            UPDATE person SET profile_said_at = ?
            WHERE id = ? AND deleted_at IS NULL AND profile_said_at <= ?
              AND NOT EXISTS (SELECT 1 FROM provisioned_person WHERE person = person.id)
            """,
            saidAt,
            id.value(),
            saidAt);
    return claimed == 0
        ? Optional.empty()
        : statements.first(
            "SELECT user_name, email, email_verified, display_name FROM person WHERE id = ?",
            rows ->
                new Held(
                    rows.getString(1),
                    Optional.ofNullable(rows.getString(2)),
                    rows.getLong(3) == 1,
                    rows.getString(4)),
            id.value());
  }

  private boolean isGiven(PersonId id) throws SQLException {
    return statements.finds(
        "SELECT 1 FROM person WHERE id = ? AND given_user_name_key = user_name_key", id.value());
  }

  /// Whether somebody else has it, or had it before: what goes by the name is theirs.
  private boolean isTaken(String organisation, String userName, PersonId id) throws SQLException {
    return statements.finds(
            "SELECT 1 FROM person WHERE organisation = ? AND user_name_key = ? AND id <> ?",
            organisation,
            Keys.userName(userName),
            id.value())
        || new FormerUserNames(statements).wasAnothers(organisation, userName, id);
  }

  private Address address(
      Person person, Held held, Issuer by, ToldAddress said, Instant saidAt, List<PersonId> holders)
      throws SQLException {
    return switch (said) {
      case ToldAddress.Unsaid() ->
          new Address(held.email(), held.verified() && held.email().isPresent(), Set.of());
      case ToldAddress.None _ -> Address.NONE;
      case ToldAddress.Named(var value, var verified) ->
          held.has(value) || isFree(person, value, verified, holders)
              ? new Address(Optional.of(value), verified, Set.of())
              : verified && !holders.isEmpty() && doYield(holders, by, saidAt)
                  ? new Address(Optional.of(value), true, taken(holders, value))
                  : Address.NONE;
    };
  }

  /// Whose address it was before may have accounts elsewhere by it: only who may speak for the
  /// address gives it to another.
  private boolean isFree(Person person, String value, boolean verified, List<PersonId> holders)
      throws SQLException {
    return holders.isEmpty()
        && (verified
            || !new FormerAddresses(statements)
                .wasAnothers(person.organisation(), value, person.id()));
  }

  /// Whether all who have it have it from this provider, which has said nothing of them since.
  private boolean doYield(List<PersonId> holders, Issuer by, Instant saidAt) throws SQLException {
    for (var holder : holders) {
      boolean yields =
          statements.finds(
              """
              SELECT 1 FROM person
              WHERE id = ? AND profile_said_at <= ?
                AND NOT EXISTS (SELECT 1 FROM provisioned_person WHERE person = person.id)
                AND EXISTS
                  (SELECT 1 FROM person_link WHERE person = person.id AND issuer = ?)
              """,
              holder.value(),
              saidAt,
              by.value());
      if (!yields) {
        return false;
      }
    }
    return true;
  }

  private Set<PersonId> taken(List<PersonId> holders, String value) throws SQLException {
    var former = new TreeSet<String>();
    for (var holder : holders) {
      var has =
          statements.first(
              "SELECT email FROM person WHERE id = ? AND email IS NOT NULL",
              rows -> rows.getString(1),
              holder.value());
      // Memory may be a moment behind.
      if (has.filter(one -> Keys.email(one).equals(Keys.email(value))).isPresent()) {
        new FormerAddresses(statements).noteUnless(holder, Optional.empty(), now);
        statements.update(
            "UPDATE person SET email = NULL, updated_at = ? WHERE id = ?", now, holder.value());
        former.add(holder.value());
      }
    }
    return Set.copyOf(former.stream().map(PersonId::new).toList());
  }

  private static Set<String> changed(Held held, Held next) {
    var changed = new TreeSet<String>();
    if (!held.userName().equals(next.userName())) {
      changed.add(ProfileChange.USER_NAME);
    }
    if (!held.email().equals(next.email())
        || (next.email().isPresent() && held.verified() != next.verified())) {
      changed.add(ProfileChange.ADDRESS);
    }
    if (!held.displayName().equals(next.displayName())) {
      changed.add(ProfileChange.DISPLAY_NAME);
    }
    return changed;
  }

  private void write(PersonId id, Held next) throws SQLException {
    new FormerAddresses(statements).noteUnless(id, next.email(), now);
    new FormerUserNames(statements).note(id, next.userName(), now);
    statements.update(
        """
        UPDATE person SET user_name = ?, user_name_key = ?,
          given_user_name_key = CASE WHEN user_name_key = ? THEN given_user_name_key END,
          email = ?, email_verified = ?, display_name = ?, updated_at = ?
        WHERE id = ?
        """,
        next.userName(),
        Keys.userName(next.userName()),
        Keys.userName(next.userName()),
        next.email(),
        next.verified(),
        next.displayName(),
        now,
        id.value());
  }
}
