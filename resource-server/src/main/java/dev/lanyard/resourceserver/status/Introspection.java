package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.OpaqueTokenReader;
import dev.lanyard.resourceserver.TokenStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Asks the authorization server about a token at every call: a token is dead the moment the server
/// says so, at the price of one round trip over a kept connection. A server that has not said so
/// within 2 seconds, to the last byte of its answer, is an outage. Thread-safe.
///
/// It also says what an opaque token stands for, for a guard that takes such.
///
/// The endpoint is chosen by the operator, never by a token, so this is not a call that anybody
/// could steer.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7662.html#section-2 RFC 7662 §2
public final class Introspection implements TokenStatus, OpaqueTokenReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /// Far more than is ever said of one token.
  private static final int MOST_BYTES = 256 * 1024;

  private final URI endpoint;
  private final String authorization;
  private final WholeAnswers answers;

  /// @param endpoint the `introspection_endpoint` of the authorization server
  /// @param credentials of this resource server there
  /// @param http see [#http(List)]
  public Introspection(URI endpoint, BasicCredentials credentials, HttpClient http) {
    this.endpoint = endpoint;
    this.authorization = credentials.toHeader();
    this.answers = new WholeAnswers(http, MOST_BYTES);
  }

  /// A client with short patience that follows no redirect and keeps its connections.
  ///
  /// @param authorities certificate authorities to trust beside the platform's
  public static HttpClient http(List<X509Certificate> authorities) {
    return HttpClient.newBuilder()
        .sslContext(TrustedTls.context(authorities))
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(TIMEOUT)
        .build();
  }

  @Override
  public Status of(AccessToken accessToken, Secret token) {
    return switch (read(token)) {
      case Reading.Described _ignored -> new Status.Active();
      case Reading.Inactive() -> new Status.Revoked();
      case Reading.Unknown(var why) -> new Status.Unknown(why);
    };
  }

  @Override
  public Reading read(Secret token) {
    var form =
        Form.builder().add("token", token.reveal()).add("token_type_hint", "access_token").build();
    var request =
        HttpRequest.newBuilder(endpoint)
            .header("Authorization", authorization)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(form.encode()))
            .build();
    try {
      return reading(answers.to(request, TIMEOUT));
    } catch (IOException e) {
      return new Reading.Unknown("introspection failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reading.Unknown("introspection was interrupted");
    }
  }

  private static Reading reading(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      return new Reading.Unknown("introspection answered " + response.statusCode());
    }
    try {
      var answer = JsonObject.parse(response.body());
      var active = answer.bool("active");
      if (active.isEmpty()) {
        return new Reading.Unknown("introspection did not say whether the token is active");
      }
      return active.equals(Optional.of(true))
          ? new Reading.Described(answer)
          : new Reading.Inactive();
    } catch (MalformedException e) {
      return new Reading.Unknown("introspection: " + e.getMessage());
    }
  }
}
