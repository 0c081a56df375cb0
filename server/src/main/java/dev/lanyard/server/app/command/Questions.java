package dev.lanyard.server.app.command;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// Asks whoever sits at the terminal; a script is asked nothing.
public final class Questions {
  private final InputStream input;

  private Questions(InputStream input) {
    this.input = input;
  }

  /// The program, which knows what is typed or piped into it.
  @FunctionalInterface
  public interface Program {
    /// What is read where there is no terminal.
    InputStream input();
  }

  /// The questions of a command.
  public static Questions of(CommandSpec command) {
    return new Questions(((Program) command.root().userObject()).input());
  }

  /// The answer; empty if there is nobody to answer.
  Optional<String> ask(String question) {
    var console = System.console();
    return console == null || !console.isTerminal()
        ? Optional.empty()
        : Optional.ofNullable(console.readLine("%s: ", question));
  }

  /// What an option says, or else the answer to a question.
  ///
  /// @param option what it is called, for scripts
  /// @param example empty for none
  /// @throws CommandFailure that names the option, where nobody can be asked
  public String answer(Optional<String> given, String option, String question, String example) {
    return given
        .or(() -> ask(question + (example.isEmpty() ? "" : " (such as " + example + ")")))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new CommandFailure(option + " is needed; nothing was changed"));
  }

  /// Whether the answer begins with a yes.
  public boolean agree(String question) {
    return ask(question + " [y/N]")
        .filter(answer -> answer.strip().matches("(?i)y(es)?"))
        .isPresent();
  }

  /// A secret: asked for without an echo, or the first line of standard input.
  ///
  /// @param what what to call it
  /// @throws CommandFailure if there is none
  public Secret secret(String what) {
    var console = System.console();
    var secret =
        console != null && console.isTerminal()
            ? Optional.ofNullable(console.readPassword("%s: ", what)).map(String::new)
            : firstLine();
    return secret
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Secret::new)
        .orElseThrow(() ->
            new CommandFailure(
                "standard input has no secret; write it there in one line, or name its file with"
                    + " --client-secret-file"));
  }

  /// A password that is new: typed twice on a terminal, elsewhere the first line of standard input.
  ///
  /// @param shortest how many characters it needs
  /// @throws CommandFailure if there is none, or the two differ
  public Secret password(int shortest) {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      return firstLine()
          .map(Secret::new)
          .orElseThrow(() ->
              new CommandFailure("standard input has no password; write it there in one line"));
    }
    var first = console.readPassword("Password (at least %d characters): ", shortest);
    var second = console.readPassword("Once more: ");
    if (first == null || !Arrays.equals(first, second)) {
      throw new CommandFailure("the passwords differ; nothing was changed");
    }
    return new Secret(new String(first));
  }

  private Optional<String> firstLine() {
    try {
      return Optional.ofNullable(
          new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
