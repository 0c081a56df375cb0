package dev.lanyard.server.app.command;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.publication.ApproverKey;
import dev.lanyard.server.publication.Author;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options of commands that somebody signs.
public final class SignerOption {
  @Option(
      names = "--as",
      required = true,
      paramLabel = "NAME",
      description = "Your name in the approvers file.")
  private String name = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "Your private key, made by 'lanyard approver key'.")
  private Path key = Path.of("");

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase of the key in its first line (default: asked for, if needed).")
  private Optional<Path> passphraseFile = Optional.empty();

  @Option(
      names = {"-m", "--rationale"},
      required = true,
      paramLabel = "TEXT",
      description = "Why, in your own words; it is kept for ever.")
  private String rationale = "";

  /// @throws CommandFailure if the key cannot be used or the rationale says nothing
  public Author author() {
    return author(name, key, passphraseFile, rationale);
  }

  /// @throws CommandFailure if the key cannot be used or the rationale says nothing
  public static Author author(
      String name, Path key, Optional<Path> passphraseFile, String rationale) {
    if (rationale.isBlank()) {
      throw new CommandFailure("a rationale that says nothing is none; nothing was done");
    }
    try {
      return new Author(name, loaded(key, passphraseFile), rationale);
    } catch (IllegalArgumentException e) {
      // The constructor has no other way to refuse.
      throw new CommandFailure(e.getMessage() + "; nothing was done", e);
    }
  }

  /// @throws CommandFailure if the key cannot be used
  public static SigningKey loaded(Path key, Optional<Path> passphraseFile) {
    try {
      return ApproverKey.load(key, () -> Passphrase.known(passphraseFile));
    } catch (ApproverKey.Unusable e) {
      throw new CommandFailure(e.getMessage() + "; nothing was done", e);
    }
  }
}
