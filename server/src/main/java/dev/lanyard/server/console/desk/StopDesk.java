package dev.lanyard.server.console.desk;

import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Breaks the glass: one administrator stops what many use, or everything. Two let it go on, or the
/// command line does: with one stolen session somebody can stop, and cannot undo. See
/// [ResumptionDesk].
public final class StopDesk {
  /// The word to type first, so that nobody stops everything by mistake.
  public static final String EVERYTHING = "everything";

  private final Revocation revocation;

  StopDesk(Revocation revocation) {
    this.revocation = revocation;
  }

  /// @return the id under which its receipt is found; empty if it was stopped already
  public Optional<String> stop(Actor by, Subject what, String reason) {
    if (isStopped(what)) {
      return Optional.empty();
    }
    return done(by, what, Happening.DISABLED, reason);
  }

  private boolean isStopped(Subject what) {
    return switch (what) {
      case Subject.Connector(var resource) -> isUntilLifted(Denied.connector(resource));
      case Subject.Provider(var issuer) -> isUntilLifted(Denied.issuer(issuer));
      case Subject.Organisation(var name) -> isUntilLifted(Denied.organisation(name));
      case Subject.Client(var server, var id) -> isUntilLifted(Denied.client(server, id));
      case Subject.Everything() -> revocation.denied().isEverythingDenied();
      default -> false;
    };
  }

  private boolean isUntilLifted(Denied what) {
    return revocation.denied().isUntilLifted(what);
  }

  /// What is stopped until somebody lets it go on, sorted by kind and name.
  public List<Denied> standing() {
    return revocation.denied().all().stream()
        .filter(Denial::isUntilLifted)
        .map(Denial::denied)
        .sorted(Comparator.comparing(Denied::kind).thenComparing(Denied::value))
        .toList();
  }

  /// What can be taken back one by one, for ever. The names are words of forms and of the JSON API.
  public enum Issued {
    SESSION("session", "A session, by its sid"),
    GRANT("grant", "Every token of one grant, by its grant_id"),
    TOKEN("token", "One access token, by its jti");

    /// Ours are 22 characters. Whoever pastes a token itself would write a secret into the record,
    /// and end nothing.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    private final String value;
    private final String label;

    Issued(String value, String label) {
      this.value = value;
      this.label = label;
    }

    public String value() {
      return value;
    }

    /// For people.
    public String label() {
      return label;
    }

    /// @return empty if there is no such sort
    public static Optional<Issued> of(String value) {
      return Stream.of(values()).filter(one -> one.value.equals(value)).findFirst();
    }

    /// @return empty if it cannot be the id of one
    public Optional<Subject> subject(String id) {
      return Optional.of(id)
          .filter(ID.asMatchPredicate())
          .map(one ->
              switch (this) {
                case SESSION -> new Subject.Session(one);
                case GRANT -> new Subject.Grant(one);
                case TOKEN -> new Subject.Token(one);
              });
    }
  }

  /// Takes back a session, a grant or one token, for ever.
  ///
  /// It does not know whether there was such a grant or token. If there is one, it is dead.
  ///
  /// @return the id under which its receipt is found; empty if there is no such session, or it
  ///   cannot be an id
  public Optional<String> takeBack(Actor by, Issued what, String id, String reason) {
    return what.subject(id).flatMap(one -> done(by, one, Happening.TOKENS_REVOKED, reason));
  }

  private Optional<String> done(Actor by, Subject what, Happening happening, String reason) {
    return revocation.report(
                Source.of(Source.Kind.ADMIN, by.id()), what, happening, reason, by.correlationId())
            instanceof Reaction.Done(var incident, _, _)
        ? Optional.of(incident)
        : Optional.empty();
  }
}
