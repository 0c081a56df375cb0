package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Asks of each token what its own authorization server tells of it.
record StatusByIssuer(Map<Issuer, TokenStatus> all) implements TokenStatus {
  StatusByIssuer {
    all = Map.copyOf(all);
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    var own = all.get(accessToken.issuer());
    return own == null
        ? new Status.Unknown("nothing tells of tokens of " + accessToken.issuer())
        : own.of(accessToken, token);
  }

  /// Whoever has to ask one of them has to ask.
  @Override
  public boolean onNews(Consumer<News> listener) {
    boolean told = true;
    for (var one : all.values()) {
      told &= one.onNews(listener);
    }
    return told;
  }

  @Override
  public Set<String> namesOf(AccessToken accessToken) {
    var own = all.get(accessToken.issuer());
    return own == null ? Set.of() : own.namesOf(accessToken);
  }
}
