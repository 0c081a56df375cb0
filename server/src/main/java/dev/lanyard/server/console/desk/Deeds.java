package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.util.Optional;

/// What an administrator does to a person, on a page or by a program: off, on, or an end to all
/// that was issued.
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
    /// It has its effect.
    ///
    /// @param incident names it, for the receipt
    record Done(String incident) implements Outcome {}

    /// Who is locked out cannot undo it.
    record Oneself() implements Outcome {}

    /// They do not stand as they must, or as it was thought: somebody was first.
    record Overtaken() implements Outcome {}
  }

  /// @param seen how they stood when it was decided, if that was looked at
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
