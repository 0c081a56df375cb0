package dev.lanyard.server.administration;

import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ApiScope;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Programs that bear a token of the configuration, which has only hashes of them.
public final class AdminBearers implements Callers {
  private static final String SCHEME = "Bearer ";

  private final List<SecretHash> tokens;
  private final Set<ApiScope> scopes;

  private AdminBearers(List<SecretHash> tokens, Set<ApiScope> scopes) {
    this.tokens = List.copyOf(tokens);
    this.scopes = scopes;
  }

  /// They read how things stand. What changes something is done in somebody's name, and such a
  /// token is nobody's.
  public static AdminBearers reading(List<SecretHash> tokens) {
    return new AdminBearers(tokens, Set.of(ApiScope.READ));
  }

  /// They do everything that there is where they are let in.
  public static AdminBearers of(List<SecretHash> tokens) {
    return new AdminBearers(tokens, Set.of(ApiScope.values()));
  }

  @Override
  public Admission admit(Request request, Operation operation) {
    var right = operation.right();
    var who = of(request);
    if (who.isEmpty()) {
      return new Admission.TurnedAway(unknown(request));
    }
    return scopes.contains(right.scope()) && !right.isPersonal()
        ? new Admission.Admitted(new Caller.Program(who.get()))
        : new Admission.TurnedAway(notForThis(request, right));
  }

  boolean isOneOf(Request request) {
    return of(request).isPresent();
  }

  /// Who it is, for the record: by the place of their token in the configuration.
  private Optional<String> of(Request request) {
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

  /// Without a token there is no error to name yet.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1
  private static Response unknown(Request request) {
    boolean bare = request.headers("Authorization").isEmpty();
    var challenge = Challenge.of("Bearer").with("realm", "admin");
    var detail =
        bare
            ? "Send a token: Authorization: Bearer ..."
            : "The token is not one of the configuration. `lanyard client secret` makes one.";
    return Problem.of(Problem.Kind.UNAUTHENTICATED, detail)
        .answer(request.correlationId())
        .withHeader(
            "WWW-Authenticate",
            (bare ? challenge : challenge.with("error", "invalid_token")).toHeader())
        .provedNothing();
  }

  private static Response notForThis(Request request, Right right) {
    return Problem.of(
            Problem.Kind.INSUFFICIENT_SCOPE,
            "A token of the configuration only reads, and has nothing of its own. Ask with an"
                + " access token of somebody who may do this.")
        .answer(request.correlationId())
        .withHeader(
            "WWW-Authenticate",
            Challenge.of("Bearer")
                .with("realm", "admin")
                .with("error", "insufficient_scope")
                .with("scope", right.scope().value())
                .toHeader());
  }
}
