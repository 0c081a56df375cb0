package dev.lanyard.server.console.desk;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.directory.Person;
import java.time.Instant;
import java.util.Optional;

/// Gives a person who is kept here a new password. It takes two administrators, since with the
/// password one could act as that person. The password is made when the second one agrees, and
/// shown once, to them; whoever asked never sees it. Thread-safe.
public final class PasswordDesk implements Matter {
  private static final String NONE = "no password";

  private final Parts parts;
  private final People people;

  PasswordDesk(Parts parts) {
    this.parts = parts;
    this.people = new People(parts);
  }

  /// What became of asking for a password.
  public sealed interface Renewing {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Renewing {}

    /// @param why a sentence
    record Hindered(String why) implements Renewing {}

    /// They have got another password in the meantime.
    record Overtaken() implements Renewing {}
  }

  /// Why an administrator may not ask for a password of a person; empty if they may.
  public Optional<String> hindrance(Person by, Person person) {
    if (parts.passwords().isEmpty()) {
      return Optional.of(
          "Nobody signs in here with a password of ours: the configuration has no local people.");
    }
    if (person.id().equals(by.id())) {
      return Optional.of("Nobody asks for a password of their own.");
    }
    return parts.isKeptHere(person)
        ? Optional.empty()
        : Optional.of("They sign in at an identity provider. Their password is changed there.");
  }

  /// The password that a new one would replace, in words.
  public String standing(Person person) {
    return said(parts.passwords().flatMap(one -> one.since(person.id())));
  }

  private static String said(Optional<Instant> since) {
    return since.map(at -> "the password of " + at).orElse(NONE);
  }

  /// @param seen the password that stood when somebody looked at it, if they did
  public Renewing renew(
      Actor by, Person person, Optional<String> seen, String reason, MotionDesk motions) {
    var hindrance = hindrance(by.person(), person);
    if (hindrance.isPresent()) {
      return new Renewing.Hindered(hindrance.get());
    }
    var stands = standing(person);
    return seen.orElse(stands).equals(stands)
        ? new Renewing.ForTwo(
            motions.ask(
                by,
                Motion.Kind.PASSWORD,
                person.id().value(),
                new Motions.Wish(stands, "a new password, told once to whoever agrees"),
                reason))
        : new Renewing.Overtaken();
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.PASSWORD;
  }

  @Override
  public String title(Motion motion) {
    return "New password of "
        + person(motion).map(Person::displayName).orElse("somebody who is gone");
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return people.find(motion.about());
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    var person = person(motion).filter(parts::isKeptHere);
    if (person.isEmpty() || parts.passwords().isEmpty()) {
      return new Carried.Not("they do not sign in here with a password any more");
    }
    var passwords = parts.passwords().get();
    var made = passwords.made();
    boolean done =
        parts
            .platform()
            .database()
            .write(connection -> {
              var id = person.get().id();
              boolean given =
                  passwords.give(
                      connection,
                      id,
                      made,
                      inside ->
                          said(passwords.since(inside, id)).equals(motion.seen())
                              && claim.take(inside));
              if (given) {
                AuditLog.append(
                    connection,
                    PersonDesk.event("person.password", by, GroupList.of(person.get().groups()))
                        .withOrganisation(person.get().organisation())
                        .withPerson(id.value()));
              }
              return given;
            });
    return done
        ? new Carried.Done(
            Optional.of(
                new Told(person.get().displayName(), person.get().userName(), made.password())))
        : new Carried.Not("they have got another password meanwhile, or somebody else was faster");
  }
}
