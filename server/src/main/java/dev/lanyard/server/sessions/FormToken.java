package dev.lanyard.server.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import java.security.MessageDigest;

/// What a form must bring to have been made by us for one browser (AC-10): derived from the secret
/// in its cookie, which no page and no script can read.
public record FormToken(String value) {
  /// The field of the form.
  public static final String FIELD = "form_token";

  /// The one for whoever holds this cookie.
  public static FormToken of(Secret cookie) {
    return new FormToken(OpaqueToken.hash(new Secret("form " + cookie.reveal())));
  }

  /// Whether a form brings it.
  public boolean isIn(Form form) {
    return MessageDigest.isEqual(value.getBytes(UTF_8), form.one(FIELD).orElse("").getBytes(UTF_8));
  }
}
