package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.Confirmation;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;

/// What a command that stops something is about, and its name once more where many will notice.
final class Stopped {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target = new Target();

  @Mixin private Confirmation confirmation = new Confirmation();

  Target target() {
    return target;
  }

  /// @param effect what many would notice, up to the name
  /// @throws dev.lanyard.server.app.configuration.CommandFailure if many would notice and it was
  ///   not typed again
  void confirmed(String effect) {
    confirmation.demand(target.toConfirm(), effect + " " + target.name());
  }
}
