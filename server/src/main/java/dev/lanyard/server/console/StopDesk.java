package dev.lanyard.server.console;

import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Reaction;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.util.Optional;

/// Breaks the glass: a connector, or everybody and everything. It is switched on again by two, or
/// at the command line: whoever has stolen an administrator's session can stop, and not undo. See
/// [ResumptionDesk].
public final class StopDesk {
  /// What is typed, so that nobody stops everything by mistake.
  public static final String EVERYTHING = "everything";

  private final Revocation revocation;

  StopDesk(Revocation revocation) {
    this.revocation = revocation;
  }

  /// @return what names it in the record, for the receipt; empty if it was stopped already
  public Optional<String> stop(Actor by, Subject what, String reason) {
    if (isStopped(what)) {
      return Optional.empty();
    }
    return revocation.report(
                Source.of(Source.Kind.ADMIN, by.id()),
                what,
                Happening.DISABLED,
                reason,
                by.correlationId())
            instanceof Reaction.Done(var incident, _, _)
        ? Optional.of(incident)
        : Optional.empty();
  }

  private boolean isStopped(Subject what) {
    return switch (what) {
      case Subject.Connector(var resource) ->
          revocation.denied().isUntilLifted(Denied.connector(resource));
      case Subject.Everything() -> revocation.denied().isEverythingDenied();
      default -> false;
    };
  }
}
