package dev.lanyard.client.flow;

import dev.lanyard.client.Hint;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;

/// What a token is wanted for.
///
/// @param server the MCP server as its client calls it
/// @param hint what the server's challenge said
/// @param grantedBefore the scopes of the token that this one takes the place of: asking for more
///   must not lose them (CLI-10)
/// @param mayAsk whether the person may be asked now; not when a token is renewed in the background
public record Wanted(ResourceIndicator server, Hint hint, Scopes grantedBefore, boolean mayAsk) {

  /// What to ask for: what a challenge demands beside what is there, else what it suggests, else
  /// what the resource publishes, else nothing, which leaves it to policy (CLI-9).
  public Scopes scopes(ProtectedResourceMetadata metadata) {
    if (!hint.needed().isEmpty()) {
      return grantedBefore.union(hint.needed());
    }
    return hint.suggested().isEmpty() ? metadata.scopes() : hint.suggested();
  }
}
