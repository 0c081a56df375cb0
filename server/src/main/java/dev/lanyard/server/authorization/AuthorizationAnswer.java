package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.AuthorizationRequest.ReplyTo;
import dev.lanyard.server.http.Response;
import java.net.URI;

/// Sends the browser back to the client, with `iss` in success and error, so that the client knows
/// who answers (AC-6). Always with 303 (AC-12).
///
/// @spec https://www.rfc-editor.org/rfc/rfc9207.html#section-2 RFC 9207 §2
public final class AuthorizationAnswer {
  private final Issuer self;

  public AuthorizationAnswer(Issuer self) {
    this.self = self;
  }

  Response code(ReplyTo replyTo, Secret code) {
    return Response.redirect(url(replyTo, Form.builder().add("code", code.reveal()))).noStore();
  }

  public Response error(ReplyTo replyTo, OAuthError error, String correlationId) {
    return Response.redirect(errorUrl(replyTo, error, correlationId)).noStore();
  }

  /// Where an error takes the browser.
  public URI errorUrl(ReplyTo replyTo, OAuthError error, String correlationId) {
    return url(
        replyTo,
        Form.builder()
            .add("error", error.code().value())
            .add("error_description", error.description() + " (" + correlationId + ")"));
  }

  private URI url(ReplyTo replyTo, Form.Builder parameters) {
    var query =
        parameters.addIfPresent("state", replyTo.state()).add("iss", self.value()).build().encode();
    var target = replyTo.redirectUri().toString();
    var separator = replyTo.redirectUri().getRawQuery() == null ? "?" : "&";
    return URI.create(target + separator + query);
  }
}
