package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.Map;

/// An MCP server that people may be given.
///
/// @param id its name in the role library, e.g. `linear`
/// @param name its name for people
/// @param category what it is for, e.g. `project management`
/// @param authorizationServer who issues its access tokens
/// @param resource its identifier: the `resource` of its protected resource metadata
/// @param scopes every scope that it knows, in the order of the library
/// @param tools the tools that are known of it
/// @param details the types of authorization details that it has, by name
/// @param implications which of its scopes stand for which others
public record Connector(
    String id,
    String name,
    String category,
    Issuer authorizationServer,
    ResourceIndicator resource,
    Scopes scopes,
    Tools tools,
    Map<String, AuthorizationDetailType> details,
    ScopeImplications implications) {

  public Connector {
    details = Map.copyOf(details);
  }

  /// A connector without authorization details, of which every scope stands for itself.
  public Connector(
      String id,
      String name,
      String category,
      Issuer authorizationServer,
      ResourceIndicator resource,
      Scopes scopes,
      Tools tools) {
    this(
        id,
        name,
        category,
        authorizationServer,
        resource,
        scopes,
        tools,
        Map.of(),
        ScopeImplications.NONE);
  }
}
