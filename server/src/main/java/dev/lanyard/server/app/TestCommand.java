package dev.lanyard.server.app;

import dev.lanyard.server.app.configuration.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// `lanyard test`, which the launcher of a checkout runs itself: here for the help, the completion
/// and whoever calls it without the launcher.
@Command(
    name = "test",
    description =
        "Runs the tests of a checkout; arguments go to Maven: ./lanyard test -pl protocol")
final class TestCommand implements Runnable {
  @Unmatched private List<String> arguments = List.of();

  @Override
  public void run() {
    throw new CommandFailure(
        "tests belong to a checkout of the sources: run ./lanyard test there"
            + (arguments.isEmpty() ? "" : " with " + String.join(" ", arguments)));
  }
}
