package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The secret in a file that whoever may read a page bears.
///
/// @param realm names the page
record BearerSecret(Secret secret, String realm) {
  private static final String SCHEME = "Bearer ";

  boolean isBorneBy(Request request) {
    return request.header("Authorization").filter(this::isRight).isPresent();
  }

  private boolean isRight(String sent) {
    return sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            sent.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
            secret.reveal().getBytes(StandardCharsets.UTF_8));
  }

  Response refusal() {
    return Response.empty(401)
        .withHeader("WWW-Authenticate", "Bearer realm=\"" + realm + "\"")
        .noStore()
        .provedNothing();
  }
}
