package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;

/// A way by which administrators of an organisation come back: a sign-in at an issuer of theirs.
///
/// @param client what this server is called there
public record SignInWay(String organisation, Issuer issuer, ClientId client) {
  /// Names the way in addresses: for an issuer of another organisation it is another.
  public static String id(String organisation, Issuer issuer) {
    return RulesVersion.of(
        JsonObject.builder()
            .put("organisation", organisation)
            .put("issuer", issuer.value())
            .build());
  }

  /// Whether a way could be named so.
  public static boolean isId(String text) {
    return text.matches("[A-Za-z0-9_-]{22}");
  }

  public String id() {
    return id(organisation, issuer);
  }
}
