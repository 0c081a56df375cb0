package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Matter.Carried;
import dev.lanyard.server.console.desk.Motion.Kind;
import dev.lanyard.server.console.desk.Motion.State;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Keeps what one administrator asks for until another one agrees. Whoever asked can take it back.
/// Any other administrator can decline it with a reason. Any other whom it is not about can agree,
/// which carries it out as long as both are administrators in the transaction that does.
/// Thread-safe.
public final class MotionDesk {
  private static final String EVENT = "console.motion-";
  private static final int LONGEST_REASON = 500;

  private final Parts parts;
  private final Motions motions;
  private final Map<Kind, Matter> matters;

  MotionDesk(Parts parts, List<Matter> matters) {
    this.parts = parts;
    this.motions = new Motions(parts.platform().database());
    this.matters = matters.stream().collect(Collectors.toMap(Matter::kind, Function.identity()));
  }

  /// What became of asking for something.
  public sealed interface Asking {
    /// It waits for another administrator.
    record Made(Motion motion) implements Asking {}

    /// Nothing was added: a motion about the same thing waits already.
    ///
    /// @param motion empty if it has just ended
    record Before(Optional<Motion> motion) implements Asking {}
  }

  /// What became of an answer.
  public sealed interface Answer {
    /// @param told what is told only to whoever agreed, and only once
    record Done(Motion now, Optional<Told> told) implements Answer {}

    /// Nothing was done.
    ///
    /// @param why half a sentence
    record Refused(Motion now, String why) implements Answer {}

    /// There is no such motion, or not any more.
    record Unknown() implements Answer {}
  }

  /// Those that wait for a second person, the oldest first.
  public List<Motion> open(Instant now) {
    return motions.open(now);
  }

  public Optional<Motion> find(String id) {
    return motions.find(id);
  }

  /// What is asked for, in a few words.
  public String title(Motion motion) {
    return matter(motion).title(motion);
  }

  /// Whom it is about, if it is about somebody.
  public Optional<Person> person(Motion motion) {
    return matter(motion).person(motion);
  }

  /// Whether somebody may agree to it. Nobody agrees to what they asked for, or to what is about
  /// them.
  public boolean mayAgree(PersonId somebody, Motion motion) {
    return !motion.askedBy().equals(somebody.value())
        && person(motion).filter(one -> one.id().equals(somebody)).isEmpty();
  }

  private Matter matter(Motion motion) {
    return Objects.requireNonNull(matters.get(motion.kind()));
  }

  Asking ask(Actor by, Kind kind, String about, Motions.Wish wish, String reason) {
    var motion =
        Motions.made(
            OpaqueToken.identifier(), kind, about, wish, shortened(reason), by.id(), by.at());
    var whom = person(motion);
    boolean made =
        parts
            .platform()
            .database()
            .write(connection -> {
              boolean asked = Motions.ask(connection, motion);
              if (asked) {
                record(connection, "asked", by, motion, whom, motion.reason());
              }
              return asked;
            });
    return made
        ? new Asking.Made(motion)
        : new Asking.Before(
            motions.open(by.at()).stream()
                .filter(one -> one.kind() == kind && one.about().equals(about))
                .findFirst());
  }

  /// @param whom it is about, looked up before the transaction: that may read the database
  private void record(
      Connection connection,
      String what,
      Actor by,
      Motion motion,
      Optional<Person> whom,
      String reason)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("motion", motion.id())
            .put("kind", motion.kind().value())
            .put("about", motion.about())
            .put("asked_by", motion.askedBy())
            .put("reason", reason)
            .build();
    parts.record(connection, by, EVENT + what, whom, evidence);
  }

  public Answer agree(Actor by, String id) {
    var found = motions.find(id);
    if (found.isEmpty()) {
      return new Answer.Unknown();
    }
    var motion = found.get();
    if (!mayAgree(by.person().id(), motion)) {
      return new Answer.Refused(motion, "nobody agrees with themselves, or about themselves");
    }
    var unfit = unfit(by, motion);
    if (unfit.isPresent()) {
      return new Answer.Refused(motion, unfit.get());
    }
    var whom = person(motion);
    var carried =
        matter(motion).carryOut(motion, by, connection -> taken(connection, by, motion, whom));
    return switch (carried) {
      // An erasure has forgotten it.
      case Carried.Done(var told) ->
          new Answer.Done(motions.find(id).orElseGet(() -> motion.done(by.id())), told);
      case Carried.Not(var why) -> new Answer.Refused(now(motion), unfit(by, motion).orElse(why));
    };
  }

  /// Takes a motion for whoever agrees, if both may still want it. From then on who takes their
  /// right away waits until it is carried out: nobody's word counts once they are told that it does
  /// not.
  private boolean taken(Connection connection, Actor by, Motion motion, Optional<Person> whom)
      throws SQLException {
    parts.directory().hold(connection, List.of(new PersonId(motion.askedBy()), by.person().id()));
    return unfit(connection, by, motion).isEmpty()
        && ended(connection, by, motion, whom, State.DONE, motion.reason());
  }

  private Optional<String> unfit(Actor by, Motion motion) {
    return parts.platform().database().read(connection -> unfit(connection, by, motion));
  }

  /// Why the two do not count as two administrators, as the record has them: empty if they do. It
  /// is asked again in the transaction that carries the motion out.
  private Optional<String> unfit(Connection connection, Actor by, Motion motion)
      throws SQLException {
    var asker = administrator(connection, new PersonId(motion.askedBy()));
    if (asker.isEmpty()) {
      return Optional.of("whoever asked is no administrator any more: two who are have to want it");
    }
    if (isOver(connection, asker.get(), motion)) {
      return Optional.of(
          "the sign-in of whoever asked was ended since then, and may have been a thief's:"
              + " decline it, and have it asked for anew");
    }
    return administrator(connection, by.person().id()).isPresent()
        ? Optional.empty()
        : Optional.of("you are no administrator any more");
  }

  /// Whether a kill has ended the sign-ins of whoever asked from when they did, so that it is no
  /// word of theirs any more. That of a single session is a sign-out, too, and ends no motion.
  private static boolean isOver(Connection connection, Person asker, Motion motion)
      throws SQLException {
    return DenySet.isOver(
        connection,
        motion.askedAt(),
        List.of(
            Denied.person(motion.askedBy()),
            Denied.signIn(motion.askedBy()),
            Denied.organisation(asker.organisation()),
            Denied.all()));
  }

  /// Somebody who may want it. Of how they signed in nothing is asked here.
  private Optional<Person> administrator(Connection connection, PersonId id) throws SQLException {
    return parts
        .directory()
        .recorded(connection, id)
        .filter(Person::active)
        .filter(one -> parts.duties().of(one.groups()).contains(Duty.ADMINISTRATOR));
  }

  private Motion now(Motion motion) {
    return motions.find(motion.id()).orElse(motion);
  }

  private boolean ended(
      Connection connection,
      Actor by,
      Motion motion,
      Optional<Person> whom,
      State state,
      String reason)
      throws SQLException {
    var answer = state == State.DECLINED ? reason : "";
    boolean taken = Motions.end(connection, motion.id(), state, answer, by.id(), by.at());
    if (taken) {
      record(connection, state.value(), by, motion, whom, reason);
    }
    return taken;
  }

  /// @param reason why not; whoever asked can read it
  public Answer decline(Actor by, String id, String reason) {
    return ends(
        by, id, State.DECLINED, shortened(reason), motion -> !motion.askedBy().equals(by.id()));
  }

  private static String shortened(String reason) {
    return Excerpt.of(reason, LONGEST_REASON);
  }

  public Answer withdraw(Actor by, String id) {
    return ends(by, id, State.WITHDRAWN, "", motion -> motion.askedBy().equals(by.id()));
  }

  private interface Fitting {
    boolean fits(Motion motion);
  }

  private Answer ends(Actor by, String id, State state, String reason, Fitting who) {
    var found = motions.find(id);
    if (found.isEmpty()) {
      return new Answer.Unknown();
    }
    var motion = found.get();
    var whom = person(motion);
    boolean done =
        who.fits(motion)
            && parts
                .platform()
                .database()
                .write(connection -> ended(connection, by, motion, whom, state, reason));
    return done
        ? new Answer.Done(now(motion), Optional.empty())
        : new Answer.Refused(now(motion), "it has ended already, or is not yours to end");
  }
}
