package dev.lanyard.server.app.command;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The passphrase of an approver's key: the first line of a file, or typed on a terminal. Never an
/// argument, which others can see.
public final class Passphrase {
  private Passphrase() {}

  /// That of a key that exists.
  ///
  /// @throws CommandFailure if there is neither a file nor a terminal
  static Secret known(Optional<Path> file) {
    return file.map(Passphrase::read)
        .orElseGet(() -> new Secret(new String(typed("Passphrase of the key: "))));
  }

  /// That of a new key, typed twice.
  ///
  /// @throws CommandFailure if there is neither a file nor a terminal, or the two differ
  public static Secret chosen(Optional<Path> file) {
    if (file.isPresent()) {
      return read(file.get());
    }
    var first = typed("Passphrase for the key: ");
    if (!Arrays.equals(first, typed("Once more: "))) {
      throw new CommandFailure("the passphrases differ; nothing was done");
    }
    return new Secret(new String(first));
  }

  private static Secret read(Path file) {
    try (var lines = Files.lines(file)) {
      return new Secret(
          lines
              .findFirst()
              .orElseThrow(() -> new CommandFailure(file + " is empty; nothing was done")));
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e + "; nothing was done", e);
    }
  }

  private static char[] typed(String prompt) {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new CommandFailure(
          "the key has a passphrase, and there is no terminal to ask for it: use"
              + " --passphrase-file; nothing was done");
    }
    var typed = console.readPassword(prompt);
    if (typed == null) {
      throw new CommandFailure("no passphrase was given; nothing was done");
    }
    return typed;
  }
}
