package dev.lanyard.server.app.command.tools;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tools.ToolVersion;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// What commands about tools work with, beside a server that may be running on the same record.
record ToolDesk(
    Configuration configuration, Database database, ToolRegister register, Library library)
    implements AutoCloseable {
  static final Clock CLOCK = Clock.systemUTC();

  /// Shorter beginnings of hashes could be found on purpose.
  private static final int SHORTEST_HASH = "sha256:".length() + 16;

  static ToolDesk open(ConfigurationOption option) {
    var configuration = option.read();
    var database = Database.open(configuration.database(), CLOCK);
    try {
      return new ToolDesk(
          configuration,
          database,
          ToolRegister.open(database, CLOCK),
          LibraryDesk.read(database, configuration));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// @throws CommandFailure if the library has none of this id
  Connector connector(String id) {
    return library.connectors().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new CommandFailure("the library has no connector '" + id + "'"));
  }

  /// @throws CommandFailure if no server has said that it has such a tool
  KnownTool find(String connector, String tool) {
    return register
        .find(connector, tool)
        .orElseThrow(() ->
            new CommandFailure(
                "connector '"
                    + connector
                    + "' is not known to have a tool '"
                    + tool
                    + "'; see 'lanyard tools list', or ask the server with 'lanyard tools"
                    + " snapshot'"));
  }

  /// The grade that the library gives a tool now.
  Optional<DataClass> grade(String connector, String tool) {
    return library.connectors().stream()
        .filter(one -> one.id().equals(connector))
        .flatMap(one -> one.tools().find(tool).stream())
        .findFirst()
        .flatMap(Tool::grade);
  }

  List<ToolVersion> versions(KnownTool tool) {
    return register.versions(tool.connector(), tool.name());
  }

  /// The version with this hash, or with one that begins so.
  ///
  /// @throws CommandFailure if there is none, or several, or the beginning is too short
  ToolVersion version(KnownTool tool, String hash) {
    if (hash.length() < SHORTEST_HASH) {
      throw new CommandFailure(
          "a hash is 'sha256:' and at least 16 of its digits; 'lanyard tools show' prints it");
    }
    var matching = versions(tool).stream().filter(one -> one.hash().startsWith(hash)).toList();
    if (matching.size() != 1) {
      throw new CommandFailure(
          "%s of tool '%s' has the hash %s; see 'lanyard tools show'"
              .formatted(
                  matching.isEmpty() ? "no version" : "more than one version", tool.name(), hash));
    }
    return matching.getFirst();
  }

  /// The version that was named, or else what the server says now, or has said last.
  ///
  /// @throws CommandFailure if there is none
  ToolVersion versionOrLatest(KnownTool tool, Optional<String> hash) {
    return hash.or(tool::current)
        .map(named -> version(tool, named))
        .orElseGet(() -> versions(tool).getLast());
  }

  /// Whoever sits at this command line.
  static String operator() {
    return System.getProperty("user.name", "unknown");
  }

  @Override
  public void close() {
    database.close();
  }
}
