package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Handler;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Optional;

/// Who may administer: whoever bears a token of the configuration, which has only hashes of them.
public final class AdminBearers {
  private static final String SCHEME = "Bearer ";

  private final List<SecretHash> tokens;

  public AdminBearers(List<SecretHash> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /// Who it is, for the record: by the place of their token in the configuration.
  public Optional<String> of(Request request) {
    var sent =
        request
            .header("Authorization")
            .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .map(header -> new Secret(header.substring(SCHEME.length()).strip()));
    var found = Optional.<String>empty();
    // Every one is compared, so that the time does not tell which one it was.
    for (int i = 0; i < tokens.size(); i++) {
      if (sent.filter(tokens.get(i)::isOf).isPresent()) {
        found = Optional.of("admin token " + (i + 1));
      }
    }
    return found;
  }

  /// A route for whoever bears one, whose answers nobody keeps.
  public Route get(String path, Handler handler) {
    return Route.get(
        path,
        Access.ADMIN,
        request -> of(request).isPresent() ? handler.handle(request).noStore() : unknown());
  }

  /// To be answered to whoever bears none.
  public static Response unknown() {
    return Response.empty(401)
        .withHeader("WWW-Authenticate", "Bearer realm=\"admin\"")
        .noStore()
        .provedNothing();
  }
}
