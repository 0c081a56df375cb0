package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.YamlDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads what a client is, in the words of the clients file but for its id and its secret, which
/// are kept elsewhere.
public final class ClientEntry {
  /// The most characters of one.
  public static final int LONGEST = 64 * 1024;

  private static final Path NAME = Path.of("client");

  private ClientEntry() {}

  /// What was read.
  public sealed interface Reading {
    record Read(Client client) implements Reading {}

    /// @param faults all that were found
    record Faulty(List<Fault> faults) implements Reading {}
  }

  /// @param secret of a client that has one; others are given none
  public static Reading read(String text, ClientId id, SecretHash secret) {
    if (text.length() > LONGEST) {
      return new Reading.Faulty(
          List.of(new Fault(NAME, 0, "it has more than " + LONGEST + " letters")));
    }
    try {
      Optional<Client> client =
          YamlDocument.parse(NAME, text).read(map -> ClientReader.entry(map, id, secret));
      return new Reading.Read(client.orElseThrow());
    } catch (FaultyFileException e) {
      return new Reading.Faulty(e.faults());
    }
  }
}
