package dev.lanyard.client.flow;

import dev.lanyard.client.Denial;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One authorization request under way: the URL for the browser, and everything that must fit when
/// it comes back. Made before the redirect, so that nothing in the response can choose what it is
/// compared with (CLI-11). For one use; immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1 RFC 6749 §4.1.1
public final class AuthorizationRequest {
  private final AuthorizationServerMetadata server;
  private final URI redirectUri;
  private final String state;
  private final Pkce.Verifier verifier;
  private final URI authorizationUrl;

  /// @param more the parameters beside those that every request has: what it is for
  /// @throws IllegalArgumentException if there is an [#obstacleAt(AuthorizationServerMetadata)]
  public AuthorizationRequest(
      AuthorizationServerMetadata server,
      Question question,
      Map<String, String> more,
      SecureRandom random) {
    obstacleAt(server)
        .ifPresent(obstacle -> {
          throw new IllegalArgumentException(obstacle);
        });
    this.server = server;
    this.redirectUri = question.redirectUri;
    this.state = unguessable(random);
    this.verifier = Pkce.Verifier.random(random);
    var query = query(question);
    more.forEach(query::add);
    this.authorizationUrl = url(server.endpoint(Endpoint.AUTHORIZATION).orElseThrow(), query);
  }

  /// What every request asks.
  ///
  /// @param redirectUri as registered, with the port that listens
  /// @param scopes to ask for; none leaves them to policy
  /// @param demand what the sign-in must be like
  /// @param thumbprint of the key that code and tokens will be bound to
  public record Question(
      ClientId client,
      URI redirectUri,
      Scopes scopes,
      SignInDemand demand,
      Optional<String> thumbprint) {}

  /// Why nobody can be sent to this server; empty if it has an authorization endpoint and says that
  /// it does PKCE with `S256`, without which nobody could tell a stolen code (CLI-4).
  public static Optional<String> obstacleAt(AuthorizationServerMetadata server) {
    if (server.endpoint(Endpoint.AUTHORIZATION).isEmpty()) {
      return Optional.of(server.issuer() + " has no authorization endpoint");
    }
    return server.supported(Supported.CODE_CHALLENGE_METHODS).contains("S256")
        ? Optional.empty()
        : Optional.of(server.issuer() + " does not advertise PKCE with S256");
  }

  /// What came back from the browser.
  public sealed interface Callback {
    /// The code, to be redeemed with [#verifier()].
    record Code(Secret code) implements Callback {}

    /// The server, or the person, says no.
    record Denied(Denial denial) implements Callback {}

    /// The server cannot say now. That decides nothing.
    record Unavailable(String why) implements Callback {}

    /// Not an answer to this request, or not from this server. Neither its code nor its error text
    /// may be used.
    record Foreign(String why) implements Callback {}
  }

  /// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-10 RFC 9449 §10, on `dpop_jkt`
  private Form.Builder query(Question question) {
    var scope = Optional.of(question.scopes.toString()).filter(text -> !text.isEmpty());
    var maxAge = question.demand.maxAge().map(age -> String.valueOf(age.toSeconds()));
    return Form.builder()
        .add("response_type", "code")
        .add("client_id", question.client.value())
        .add("redirect_uri", redirectUri.toString())
        .addIfPresent("scope", scope)
        .add("state", state)
        .add("code_challenge", verifier.challenge().value())
        .add("code_challenge_method", "S256")
        .addIfPresent("max_age", maxAge)
        .addIfPresent("acr_values", question.demand.acrValues())
        .addIfPresent("dpop_jkt", question.thumbprint);
  }

  private static URI url(URI endpoint, Form.Builder query) {
    var separator = endpoint.getRawQuery() == null ? "?" : "&";
    return URI.create(endpoint + separator + query.build().encode());
  }

  /// Whether this is an answer to this request, for better or worse. What is not may come from any
  /// page that the person has open, and is passed over.
  public boolean isAnsweredBy(String query) {
    try {
      return Form.parse(query, Set.of()).one("state").equals(Optional.of(state));
    } catch (MalformedException e) {
      return false;
    }
  }

  /// Where to send the browser. Open it without a shell.
  public URI authorizationUrl() {
    return authorizationUrl;
  }

  /// Judges the query of the redirect.
  public Callback judge(String query) {
    try {
      var form = Form.parse(query, Set.of());
      if (!form.one("state").equals(Optional.of(state))) {
        return new Callback.Foreign("the state is not ours");
      }
      var fault = issuerFault(form.one("iss"));
      if (fault.isPresent()) {
        return new Callback.Foreign(fault.get());
      }
      return form.one("code")
          .<Callback>map(code -> new Callback.Code(new Secret(code)))
          .orElseGet(() -> failed(form));
    } catch (MalformedException e) {
      return new Callback.Foreign("the response is malformed");
    }
  }

  /// Four rows: advertised or not, present or not. Plain string comparison.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc9207.html#section-2.4 RFC 9207 §2.4
  private Optional<String> issuerFault(Optional<String> iss) {
    if (iss.isPresent()) {
      return iss.get().equals(server.issuer().value())
          ? Optional.empty()
          : Optional.of("the response is from another issuer");
    }
    return server.has(Flag.AUTHORIZATION_RESPONSE_ISS)
        ? Optional.of("the response does not name its issuer")
        : Optional.empty();
  }

  /// An outage comes back as an error as well: a redirect cannot have the status 503.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 RFC 6749 §4.1.2.1
  private static Callback failed(Form form) {
    var error = form.one("error");
    if (error.isEmpty()) {
      return new Callback.Foreign("the response has neither a code nor an error");
    }
    var denial = Denial.of(error.get(), form.one("error_description"));
    return denial.is(ErrorCode.SERVER_ERROR) || denial.is(ErrorCode.TEMPORARILY_UNAVAILABLE)
        ? new Callback.Unavailable(denial.error())
        : new Callback.Denied(denial);
  }

  /// To be sent with the code.
  public Pkce.Verifier verifier() {
    return verifier;
  }

  public URI redirectUri() {
    return redirectUri;
  }

  /// A value that nobody can guess.
  public static String unguessable(SecureRandom random) {
    var bytes = new byte[24];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
