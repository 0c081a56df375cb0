package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.revocation.Reaction;

/// What an administrator is told about their own signal.
public final class Told {
  private Told() {}

  /// @param whom as the administrator knows them
  /// @throws CommandFailure if nothing was done
  public static String of(String whom, Reaction reaction) {
    return switch (reaction) {
      case Reaction.Done(var incident, var at, _) ->
          "Done for %s at %s; incident %s.".formatted(whom, at, incident);
      case Reaction.Recorded(var incident) ->
          "There was nothing to do for %s; recorded as incident %s.".formatted(whom, incident);
      case Reaction.Outdated(_, var newest) ->
          throw new CommandFailure(
              "something newer happened to %s at %s; nothing was changed".formatted(whom, newest));
      case Reaction.NotFound() ->
          throw new CommandFailure(whom + " is not known here; nothing was changed");
      case Reaction.Ambiguous(var matches) ->
          throw new CommandFailure(
              "%s could be %d people; nothing was changed".formatted(whom, matches));
      case Reaction.AlreadyKnown(var incident) ->
          throw new IllegalStateException("a new signal was known already: " + incident);
    };
  }
}
