package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// Adds a person who is kept here. It takes two administrators, so that one stolen session cannot
/// create an account for the thief. The first password is made when the second one agrees, and
/// shown once, to them. Thread-safe.
public final class PersonDesk implements Matter {
  private final Parts parts;
  private final People people;

  PersonDesk(Parts parts) {
    this.parts = parts;
    this.people = new People(parts);
  }

  /// What became of asking for a person to be added.
  public sealed interface Adding {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Adding {}

    /// @param why half a sentence
    record Faulty(String why) implements Adding {}

    /// Somebody has the user name already.
    record Taken(Person by) implements Adding {}

    /// Nobody signs in here with a password of ours.
    record Nowhere() implements Adding {}
  }

  /// Whether a person who is added could sign in.
  public boolean isOpen() {
    return parts.passwords().isPresent();
  }

  public Adding add(Actor by, Newcomer newcomer, String reason, MotionDesk motions) {
    if (!isOpen()) {
      return new Adding.Nowhere();
    }
    var fault = newcomer.fault();
    if (fault.isPresent()) {
      return new Adding.Faulty(fault.get());
    }
    var taken = parts.directory().findByUserName(parts.organisation(), newcomer.address());
    if (taken.isPresent()) {
      return new Adding.Taken(taken.get());
    }
    var before =
        motions.open(by.at()).stream()
            .filter(one -> one.kind() == Motion.Kind.PERSON)
            .filter(
                one -> Newcomer.parse(one.wanted()).address().equalsIgnoreCase(newcomer.address()))
            .findFirst();
    return new Adding.ForTwo(
        before.isPresent()
            ? new MotionDesk.Asking.Before(before)
            // About nobody yet: who it is stands in what is forgotten, and not in the record.
            : motions.ask(
                by,
                Motion.Kind.PERSON,
                OpaqueToken.identifier(),
                new Motions.Wish("", newcomer.text()),
                reason));
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.PERSON;
  }

  @Override
  public String title(Motion motion) {
    return "New person " + Newcomer.parse(motion.wanted()).name();
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return people.find(motion.about());
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    if (parts.passwords().isEmpty()) {
      return new Carried.Not("nobody signs in here with a password any more");
    }
    var passwords = parts.passwords().get();
    var newcomer = Newcomer.parse(motion.wanted());
    var made = passwords.made();
    var linking =
        parts
            .directory()
            .create(
                newcomer.of(parts.organisation()),
                (connection, id) ->
                    passwords.give(connection, id, made, claim::take)
                        && recorded(connection, motion, by, id, newcomer));
    return linking instanceof Linking.Created
        ? new Carried.Done(
            Optional.of(new Told(newcomer.name(), newcomer.address(), made.password())))
        : new Carried.Not("somebody has this user name by now, or somebody else was faster");
  }

  private boolean recorded(
      Connection connection, Motion motion, Actor by, PersonId id, Newcomer newcomer)
      throws SQLException {
    // From now on it is about them, and is forgotten with them.
    Motions.about(connection, motion.id(), id.value());
    AuditLog.append(
        connection,
        event("person.created", by, newcomer.groups())
            .withOrganisation(parts.organisation())
            .withPerson(id.value()));
    return true;
  }

  /// As the command line records it.
  static AuditEvent event(String type, Actor by, GroupList groups) {
    var evidence =
        JsonObject.builder()
            .put("groups", groups.names().stream().toList())
            .put("by", by.id())
            .build();
    return AuditEvent.of(type, Outcome.SUCCESS, by.at(), by.correlationId(), evidence);
  }
}
