package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.CommandFailure;
import java.util.Optional;
import picocli.CommandLine.Option;

/// A name once more, where many would notice what a command does.
public final class Confirmation {
  @Option(names = "--yes-i-mean", paramLabel = "NAME", description = "The name once more.")
  private Optional<String> typed = Optional.empty();

  /// @param toConfirm the name; empty if few would notice
  /// @param effect what would happen, up to the name
  /// @throws CommandFailure if many would notice and it was not typed again
  public void demand(Optional<String> toConfirm, String effect) {
    if (toConfirm.isPresent() && !toConfirm.equals(typed)) {
      throw new CommandFailure(
          "%s. If that is meant, add: --yes-i-mean %s".formatted(effect, toConfirm.get()));
    }
  }
}
