package dev.lanyard.client;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BearerError;
import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an MCP server's challenge told. Nothing in it is trusted: it only says where to look and
/// what to ask for.
///
/// @param resourceMetadata where the server describes itself
/// @param suggested the scopes worth asking for (CLI-9)
/// @param needed the scopes without which the operation stays refused (CLI-10)
/// @param wantsNonce whether the token is good and only the proof lacks the server's nonce
/// @param refused the token that was refused
/// @param signIn the fresher or stronger sign-in that the operation needs (RS-12)
/// @param forbidden whether the operation stays refused whatever token comes: 403 for a token, and
///   neither scopes nor a sign-in are named that would help
/// @param said the error that the server named
public record Hint(
    Optional<URI> resourceMetadata,
    Scopes suggested,
    Scopes needed,
    boolean wantsNonce,
    Optional<Secret> refused,
    Optional<SignInDemand> signIn,
    boolean forbidden,
    Optional<Denial> said) {
  private static final int FORBIDDEN = 403;

  /// There was no challenge.
  public static final Hint NONE = silent(Optional.empty());

  /// Reads the `WWW-Authenticate` headers of an answer with 401. What breaks the grammar is
  /// skipped: a server that writes nonsense is found by its well-known place.
  ///
  /// @param headers the values of every `WWW-Authenticate` header
  /// @param refused the token that the refused request carried
  public static Hint of(List<String> headers, Optional<Secret> refused) {
    return read(headers, refused, false);
  }

  /// Reads an answer with 401 or 403.
  ///
  /// @param status 403 says that the token is good and does not suffice
  /// @param headers as above
  /// @param refused as above
  /// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1
  public static Hint of(int status, List<String> headers, Optional<Secret> refused) {
    var hint = read(headers, refused, status == FORBIDDEN);
    var helps =
        !hint.needed.isEmpty()
            || hint.signIn.isPresent()
            || hint.wantsNonce
            || hint.said.filter(said -> said.is(BearerError.INVALID_TOKEN)).isPresent();
    // Whoever has shown no token may be let in with one.
    return status == FORBIDDEN && refused.isPresent() && !helps ? hint.forbidding() : hint;
  }

  private static Hint read(List<String> headers, Optional<Secret> refused, boolean suffices) {
    var hint = silent(refused);
    for (var header : headers) {
      try {
        for (var challenge : Challenge.parse(header)) {
          hint = hint.with(challenge, suffices);
        }
      } catch (MalformedException e) {
        // As if it were not there.
      }
    }
    return hint;
  }

  private static Hint silent(Optional<Secret> refused) {
    return new Hint(
        Optional.empty(),
        Scopes.NONE,
        Scopes.NONE,
        false,
        refused,
        Optional.empty(),
        false,
        Optional.empty());
  }

  /// The same, asking for these scopes.
  public Hint suggesting(Scopes scopes) {
    return new Hint(resourceMetadata, scopes, needed, wantsNonce, refused, signIn, forbidden, said);
  }

  private Hint forbidding() {
    return new Hint(resourceMetadata, suggested, needed, wantsNonce, refused, signIn, true, said);
  }

  /// The first challenge that says something counts.
  ///
  /// @param suffices whether the token is good as such, so that scopes are what it lacks
  private Hint with(Challenge challenge, boolean suffices) throws MalformedException {
    var scope = challenge.parameter("scope");
    var scopes = scope.isPresent() ? Scopes.parse(scope.get()) : Scopes.NONE;
    var error = challenge.parameter("error");
    var lacking =
        error.equals(Optional.of(BearerError.INSUFFICIENT_SCOPE.value()))
            || (suffices && error.isEmpty());
    return new Hint(
        resourceMetadata.or(() -> challenge.parameter("resource_metadata").flatMap(Hint::url)),
        suggested.isEmpty() ? scopes : suggested,
        needed.isEmpty() && lacking ? scopes : needed,
        wantsNonce || error.equals(Optional.of(ErrorCode.USE_DPOP_NONCE.value())),
        refused,
        signIn.or(() -> signIn(challenge)),
        forbidden,
        said.or(
            () -> error.map(code -> Denial.of(code, challenge.parameter("error_description")))));
  }

  /// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3
  private static Optional<SignInDemand> signIn(Challenge challenge) {
    var weak = Optional.of(ErrorCode.INSUFFICIENT_USER_AUTHENTICATION.value());
    return challenge.parameter("error").equals(weak)
        ? Optional.of(
            new SignInDemand(
                challenge.parameter("max_age").flatMap(Hint::seconds),
                challenge.parameter("acr_values")))
        : Optional.empty();
  }

  private static Optional<Duration> seconds(String text) {
    return text.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : Optional.empty();
  }

  private static Optional<URI> url(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
