package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.util.Optional;

/// What one administrator can do to a person: switch them off or on, or end everything that was
/// issued to them.
public final class Deeds {
  private final Parts parts;

  public Deeds(Parts parts) {
    this.parts = parts;
  }

  /// What can be done.
  public enum Deed {
    DISABLE(
        Happening.DISABLED,
        Standing.ACTIVE,
        "Disable",
        "Nothing is issued to them any more, and nothing that was issued counts, from the next call"
            + " on."),
    ENABLE(
        Happening.ENABLED,
        Standing.DISABLED,
        "Enable",
        "They may sign in again. Whatever was issued before stays dead."),
    REVOKE(
        Happening.TOKENS_REVOKED,
        Standing.ACTIVE,
        "End all sessions and tokens",
        "They are signed out everywhere, and everything that was issued to them is dead. They may"
            + " sign in again at once.");

    private final Happening what;
    private final Standing from;
    private final String label;
    private final String effect;

    Deed(Happening what, Standing from, String label, String effect) {
      this.what = what;
      this.from = from;
      this.label = label;
      this.effect = effect;
    }

    public String label() {
      return label;
    }

    public String effect() {
      return effect;
    }
  }

  public sealed interface Outcome {
    /// It was done.
    ///
    /// @param incident the id under which its receipt is found
    record Done(String incident) implements Outcome {}

    /// Nobody does it to themselves: whoever is locked out cannot undo it.
    record Oneself() implements Outcome {}

    /// The person does not stand as the deed needs it, or as was seen: somebody else was first.
    record Overtaken() implements Outcome {}
  }

  /// @param seen the standing of the person when this was decided, if somebody looked at it
  public Outcome act(Actor by, Person person, Deed deed, Optional<String> seen, String reason) {
    if (person.id().equals(by.person().id())) {
      return new Outcome.Oneself();
    }
    var standing = person.standing();
    if (standing != deed.from || seen.filter(text -> !text.equals(standing.name())).isPresent()) {
      return new Outcome.Overtaken();
    }
    var reaction =
        parts
            .revocation()
            .report(
                Source.of(Source.Kind.ADMIN, by.id()),
                new Subject.Person(person.id()),
                deed.what,
                reason,
                by.correlationId());
    return reaction instanceof Reaction.Done(var incident, _, _)
        ? new Outcome.Done(incident)
        : new Outcome.Overtaken();
  }
}
