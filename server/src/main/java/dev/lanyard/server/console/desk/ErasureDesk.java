package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Departure;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.transparency.DamagedLogException;
import dev.lanyard.server.transparency.Erasure;
import dev.lanyard.server.transparency.TransparencyLog;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Erases who somebody is, for ever: from the audit record in every copy, and from the list of
/// people unless a source keeps them there. It takes two administrators, so that one stolen session
/// cannot hide whom a record is about. Only people who are switched off can be erased. Thread-safe.
public final class ErasureDesk implements Matter {
  /// The word to type first, because nothing brings it back.
  public static final String ERASE = "erase";

  private final Parts parts;
  private final People people;
  private final TransparencyLog log;
  private final Erasure erasure;
  private final Departure departure;

  ErasureDesk(Parts parts, TransparencyLog log) {
    this.parts = parts;
    this.people = new People(parts);
    this.log = log;
    var clock = parts.platform().clock();
    this.erasure = new Erasure(parts.platform().database(), clock);
    this.departure = new Departure(parts.directory(), parts.revocation(), clock);
  }

  /// What became of asking for it.
  public sealed interface Erasing {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Erasing {}

    /// They are not switched off.
    record Active() implements Erasing {}
  }

  public Erasing erase(Actor by, Person person, String reason, MotionDesk motions) {
    return person.active()
        ? new Erasing.Active()
        : new Erasing.ForTwo(
            motions.ask(
                by, Motion.Kind.ERASURE, person.id().value(), wish(keeper(person.id())), reason));
  }

  /// What becomes of them.
  ///
  /// @param keeper the source that keeps them in the list of people
  private static Motions.Wish wish(Optional<String> keeper) {
    return new Motions.Wish(
        "the audit record tells who they are, and the list of people has them",
        keeper
            .map(source ->
                "the audit record tells their id only; the list of people has them until "
                    + source
                    + " deletes them")
            .orElse("nothing tells who they are; they never come back under their id"));
  }

  private Optional<String> keeper(PersonId id) {
    return parts.platform().database().read(connection -> parts.directory().keeper(connection, id));
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.ERASURE;
  }

  @Override
  public String title(Motion motion) {
    return "Erase " + person(motion).map(Person::displayName).orElse("somebody who is gone");
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return people.find(motion.about());
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    var person = person(motion);
    if (person.isEmpty()) {
      return new Carried.Not("they are gone");
    }
    try {
      // What is in the record in plain becomes concealed first.
      var _ = log.takeIn();
    } catch (DamagedLogException e) {
      return new Carried.Not("the audit log cannot grow: look at the alarms first");
    }
    var id = person.get().id();
    if (!isAskedFor(motion, keeper(id))) {
      return new Carried.Not(
          "something else would become of them now than was asked for: decline it, and ask again");
    }
    var end = new AtomicReference<Optional<Departure.Verdict>>(Optional.empty());
    var verdict =
        erasure.erase(
            id.value(),
            Optional.of(person.get().organisation()),
            by.id(),
            by.correlationId(),
            connection -> {
              if (!departure.mayGo(connection, id)
                  || !isAskedFor(motion, parts.directory().keeper(connection, id))
                  || !claim.take(connection)) {
                return false;
              }
              var operator = Source.of(Source.Kind.ADMIN, by.id());
              end.set(Optional.of(departure.go(connection, id, operator, by.correlationId())));
              return true;
            });
    return switch (verdict) {
      case Erasure.Verdict.Erased() -> {
        end.get().ifPresent(Departure.Verdict::enforce);
        yield Carried.done();
      }
      case Erasure.Verdict.Held(var holds) ->
          new Carried.Not("a hold forbids it (%s)".formatted(holds.getFirst().reason()));
      case Erasure.Verdict.Unmet() ->
          new Carried.Not("they are not switched off any more, or somebody else was faster");
    };
  }

  /// A source may have begun or ceased to keep them, and an earlier release erased less.
  private static boolean isAskedFor(Motion motion, Optional<String> keeper) {
    return wish(keeper).wanted().equals(motion.wanted());
  }
}
