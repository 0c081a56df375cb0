package dev.lanyard.server.setup;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;

/// What a client must be told. It holds no secret: clients ask for theirs, or an administrator
/// distributes it by other means.
///
/// @param issuer of the broker
/// @param client the client's id there
/// @param confidential whether the client has a secret, which it will ask for
/// @param connectors what it may ask for, in the order of their names
/// @param afterStepUp the names of connectors that are left out because they need a better sign-in
///   than there was: asking for one would be refused
public record Setup(
    Issuer issuer,
    ClientId client,
    boolean confidential,
    List<Entry> connectors,
    List<String> afterStepUp) {
  public Setup {
    connectors = List.copyOf(connectors);
    afterStepUp = List.copyOf(afterStepUp);
  }

  /// One MCP server.
  ///
  /// @param id its name in the role library
  /// @param url where it is: the `resource` of its metadata, with its path
  /// @param clientThere the client's id at its authorization server
  /// @param scopes what the person is given there
  public record Entry(
      String id, String name, String url, Issuer server, ClientId clientThere, Scopes scopes) {}
}
