package dev.lanyard.conformance;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Page;

/// A security key at somebody's browser, which is touched whenever it is asked for.
final class SecurityKey {
  private SecurityKey() {}

  /// Plugs in a new one.
  static void plugInto(Page page) {
    var session = page.context().newCDPSession(page);
    session.send("WebAuthn.enable");
    var key = new JsonObject();
    key.addProperty("protocol", "ctap2");
    key.addProperty("transport", "usb");
    key.addProperty("hasResidentKey", false);
    key.addProperty("hasUserVerification", true);
    key.addProperty("isUserVerified", true);
    key.addProperty("automaticPresenceSimulation", true);
    var options = new JsonObject();
    options.add("options", key);
    session.send("WebAuthn.addVirtualAuthenticator", options);
    // What the key shall be called is asked by a dialog.
    page.onDialog(dialog -> dialog.accept("the key of this test"));
  }
}
