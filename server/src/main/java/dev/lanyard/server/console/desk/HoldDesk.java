package dev.lanyard.server.console.desk;

import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.transparency.Holds;
import dev.lanyard.server.transparency.Holds.Hold;
import java.util.List;
import java.util.Optional;

/// Places and lifts legal holds. One administrator can place a hold, since it only keeps what is
/// there. Lifting one lets records be removed and people be erased, so it takes two. Thread-safe.
public final class HoldDesk implements Matter {
  private final Parts parts;
  private final Holds holds;
  private final Parties parties;

  HoldDesk(Parts parts, Holds holds, Parties parties) {
    this.parts = parts;
    this.holds = holds;
    this.parties = parties;
  }

  /// What became of placing a hold.
  public sealed interface Placing {
    record Placed(Hold hold) implements Placing {}

    /// There is nobody of that name, so it would hold nothing.
    ///
    /// @param why a sentence
    record Nobody(String why) implements Placing {}
  }

  /// What became of asking for a hold to be lifted.
  public sealed interface Lifting {
    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Lifting {}

    /// The hold does not stand any more, or never did.
    record Gone() implements Lifting {}
  }

  /// The holds that stand, the oldest first.
  public List<Hold> standing() {
    return holds.standing();
  }

  public Optional<Hold> find(String id) {
    return standing().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// Places a hold. Without a person and without an organisation it covers everything.
  ///
  /// @param person by id or user name
  public Placing place(
      Actor by, Optional<String> person, Optional<String> organisation, String reason) {
    var held = person.flatMap(this::id);
    if (person.isPresent() && held.isEmpty()) {
      return new Placing.Nobody(
          "Nobody has this id or user name, and the audit record knows none of this id.");
    }
    if (organisation.isPresent()
        && parties.find(Parties.Sort.ORGANISATION, organisation.get())
            instanceof Parties.Found.Unknown(var why)) {
      return new Placing.Nobody("It is a mistake: " + why + ".");
    }
    // Of both, a record has to be about the one and the other.
    if (held.flatMap(PersonId::parse)
        .flatMap(parts.directory()::person)
        .filter(one -> organisation.filter(name -> !name.equals(one.organisation())).isPresent())
        .isPresent()) {
      return new Placing.Nobody("They are not of this organisation.");
    }
    var hold = new Hold(OpaqueToken.identifier(), held, organisation, reason, by.id(), by.at());
    holds.place(hold, by.correlationId());
    return new Placing.Placed(hold);
  }

  /// Whoever was erased or is gone is known by their id still.
  private Optional<String> id(String named) {
    return PersonId.parse(named)
        .flatMap(parts.directory()::person)
        .or(() -> parts.directory().findByUserName(parts.organisation(), named))
        .map(person -> person.id().value())
        .or(() ->
            Optional.of(named)
                .filter(id -> !parts.audit().query(AuditQuery.newest(1).ofPerson(id)).isEmpty()));
  }

  /// Asks for a hold to be lifted.
  public Lifting lift(Actor by, String id, String reason, MotionDesk motions) {
    return find(id)
        // Without whom it is about: what is about a hold outlives its person.
        .map(hold ->
            new Motions.Wish(hold.reason(), "lifted; its records can be removed and erased"))
        .<Lifting>map(
            wish -> new Lifting.ForTwo(motions.ask(by, Motion.Kind.HOLD, id, wish, reason)))
        .orElseGet(Lifting.Gone::new);
  }

  /// Whom a hold covers, and why.
  public String told(Hold hold) {
    return whom(hold) + ": " + hold.reason();
  }

  /// Whom a hold covers.
  public String whom(Hold hold) {
    return hold.person().map(parts::who).orElse("everybody")
        + hold.organisation().map(name -> " of " + name).orElse("");
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.HOLD;
  }

  @Override
  public String title(Motion motion) {
    return "Lift the hold on " + find(motion.about()).map(this::whom).orElse(motion.about());
  }

  /// A hold on somebody is not theirs to lift.
  @Override
  public Optional<Person> person(Motion motion) {
    return find(motion.about())
        .flatMap(Hold::person)
        .flatMap(PersonId::parse)
        .flatMap(parts.directory()::person);
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    boolean lifted =
        parts
            .platform()
            .database()
            .write(connection -> {
              boolean mine = Holds.stands(connection, motion.about()) && claim.take(connection);
              if (mine) {
                // If the command line was faster by a moment, it is lifted as well.
                var _ = holds.lift(connection, motion.about(), by.id(), by.correlationId());
              }
              return mine;
            });
    return lifted
        ? Carried.done()
        : new Carried.Not("it does not stand any more, or somebody else was faster");
  }
}
