package dev.lanyard.server.app;

import dev.lanyard.server.app.configuration.CommandFailure;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// What a command that stops something is about, and its name once more where many will notice.
final class Stopped {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target = new Target();

  @Option(names = "--yes-i-mean", paramLabel = "NAME", description = "The name once more.")
  private Optional<String> confirmation = Optional.empty();

  Target target() {
    return target;
  }

  /// @param effect what many would notice, up to the name
  /// @throws CommandFailure if many would notice and it was not typed again
  void confirmed(String effect) {
    Kill.confirmed(target.toConfirm(), confirmation, effect + " " + target.name());
  }
}
