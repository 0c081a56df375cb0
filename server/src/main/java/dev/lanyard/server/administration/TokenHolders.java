package dev.lanyard.server.administration;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.directory.Person;

/// Whom an access token of the broker means, and whether it still counts *now*, however long it
/// would live by itself.
public interface TokenHolders {
  sealed interface Held {
    /// @param administration for what people may use the API through this application now
    record By(Person person, Scopes administration) implements Held {}

    record Dead(Evidence evidence) implements Held {}
  }

  /// @param token verified, for whatever audience
  Held of(AccessToken token);
}
