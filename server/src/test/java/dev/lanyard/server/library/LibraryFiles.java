package dev.lanyard.server.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder with a good role library, for each test to spoil one thing in.
public final class LibraryFiles {
  /// Two servers under one authorization server, one under another.
  public static final String CONNECTORS =
      """
      connectors:
        linear:
          name: Linear
          category: project management
          authorization_server: https://ras.example
          resource: https://linear.example/mcp
          scopes: [issues.read, issues.write]
        wiki:
          name: Wiki
          authorization_server: https://ras.example
          resource: https://wiki.example/mcp
          scopes: [pages.read]
        ledger:
          name: Ledger
          authorization_server: https://bank.example/as
          resource: https://ledger.example/mcp
          scopes: [entries.read]
      """;

  public static final String ROLES =
      """
      roles:
        engineering:
          groups: [engineering, platform]
          connectors: {linear: [issues.read, issues.write], wiki: [pages.read]}
        support:
          groups: [support]
          clients: [claude-code]
          connectors: {linear: [issues.read]}
      """;

  private final Path folder;

  public LibraryFiles(Path folder) {
    this.folder = folder;
    write("connectors.yaml", CONNECTORS);
    write("roles.yaml", ROLES);
  }

  public LibraryFiles write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  public Library read() {
    return Library.read(folder);
  }
}
