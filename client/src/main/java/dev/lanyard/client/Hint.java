package dev.lanyard.client;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Challenge;
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
/// @param stepUp the fresher or stronger sign-in that the operation needs (RS-12)
public record Hint(
    Optional<URI> resourceMetadata,
    Scopes suggested,
    Scopes needed,
    boolean wantsNonce,
    Optional<Secret> refused,
    Optional<StepUp> stepUp) {
  /// There was no challenge.
  public static final Hint NONE =
      new Hint(
          Optional.empty(), Scopes.NONE, Scopes.NONE, false, Optional.empty(), Optional.empty());

  /// Reads the `WWW-Authenticate` headers of an answer. What breaks the grammar is skipped: a
  /// server that writes nonsense is found by its well-known place.
  ///
  /// @param headers the values of every `WWW-Authenticate` header
  /// @param refused the token that the refused request carried
  public static Hint of(List<String> headers, Optional<Secret> refused) {
    var hint =
        new Hint(Optional.empty(), Scopes.NONE, Scopes.NONE, false, refused, Optional.empty());
    for (var header : headers) {
      try {
        for (var challenge : Challenge.parse(header)) {
          hint = hint.with(challenge);
        }
      } catch (MalformedException e) {
        // As if it were not there.
      }
    }
    return hint;
  }

  /// The same, asking for these scopes.
  Hint suggesting(Scopes scopes) {
    return new Hint(resourceMetadata, scopes, needed, wantsNonce, refused, stepUp);
  }

  /// The first challenge that says something counts.
  private Hint with(Challenge challenge) throws MalformedException {
    var scope = challenge.parameter("scope");
    var scopes = scope.isPresent() ? Scopes.parse(scope.get()) : Scopes.NONE;
    var lacking = challenge.parameter("error").equals(Optional.of("insufficient_scope"));
    return new Hint(
        resourceMetadata.or(() -> challenge.parameter("resource_metadata").flatMap(Hint::url)),
        suggested.isEmpty() ? scopes : suggested,
        needed.isEmpty() && lacking ? scopes : needed,
        wantsNonce || challenge.parameter("error").equals(Optional.of("use_dpop_nonce")),
        refused,
        stepUp.or(() -> stepUp(challenge)));
  }

  /// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3
  private static Optional<StepUp> stepUp(Challenge challenge) {
    var weak = Optional.of("insufficient_user_authentication");
    return challenge.parameter("error").equals(weak)
        ? Optional.of(
            new StepUp(
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
