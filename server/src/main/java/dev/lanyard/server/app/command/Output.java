package dev.lanyard.server.app.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Where a command says what it has to say. A line is there as soon as it is said, also if what
/// follows takes long or fails.
// Without an option picocli takes it for a mixin only so.
@Command
public final class Output {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  public void say(String line) {
    var out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
