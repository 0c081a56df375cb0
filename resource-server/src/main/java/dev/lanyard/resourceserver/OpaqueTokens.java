package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Set;
import java.util.function.Consumer;

/// Takes opaque tokens beside JWTs: what one stands for is asked once, by introspection, and
/// whether any token has died since is told by another status, such as a [RevocationStream]. So an
/// opaque token costs a round trip at its first call and none afterwards. Whoever sends anything
/// without a dot in it causes that question, too. Thread-safe.
///
/// With [Introspection] alone nothing more is needed: it reads opaque tokens itself, and asks at
/// every call.
public final class OpaqueTokens implements TokenStatus, AutoCloseable {
  private final TokenStatus reader;
  private final TokenStatus status;

  /// @param reader asks the issuer what an opaque token stands for
  /// @param status knows of every token whether it has died
  public OpaqueTokens(Introspection reader, TokenStatus status) {
    this.reader = reader;
    this.status = status;
  }

  @Override
  public Reading read(Secret token) {
    return reader.read(token);
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    return status.of(accessToken, token);
  }

  @Override
  public boolean onNews(Runnable listener) {
    return status.onNews(listener);
  }

  @Override
  public boolean onNewsAbout(Consumer<News> listener) {
    return status.onNewsAbout(listener);
  }

  @Override
  public Set<String> namesOf(AccessToken accessToken) {
    return status.namesOf(accessToken);
  }

  /// Closes the other status, if that is to be closed.
  @Override
  public void close() throws Exception {
    if (status instanceof AutoCloseable open) {
      open.close();
    }
  }
}
