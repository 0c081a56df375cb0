package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import java.util.Set;

/// Where the groups of somebody are who is in too many for an ID Token.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AggregatedDistributedClaims OpenID
///   Connect Core §5.6.2
interface GroupOverage {
  /// Whether a provider says that there are groups, and not which.
  ///
  /// Entra names a source in `_claim_names` (its `groups:src1` is the same in a token of limited
  /// length), or says `hasgroups`.
  ///
  /// @param groupsClaim the claim that would list them
  /// @throws MalformedException if a claim has another type than it must have
  static boolean isIn(JsonObject claims, String groupsClaim) throws MalformedException {
    var names = claims.object("_claim_names");
    if (names.isPresent() && names.get().has(groupsClaim)) {
      return true;
    }
    if (claims.names().stream().anyMatch(name -> name.startsWith(groupsClaim + ":src"))) {
      return true;
    }
    // A boolean, or the text of one.
    return claims.text("hasgroups").filter(text -> text.contains("true")).isPresent();
  }

  /// All groups of somebody. Whatever cannot be found out is an outage: to go on without groups
  /// would take from somebody what they have.
  Answer<Set<String>> groupsOf(JsonObject claims) throws MalformedException;
}
