package dev.lanyard.server.authorization;

import dev.lanyard.server.clients.RedirectUri;
import java.net.URI;
import java.util.Locale;

/// Who gets the answer to a request, as far as its redirect URI can be relied on. A client says
/// everything else about itself as it likes; a registered one may have several recipients, and a
/// person has agreed to one.
///
/// @param redirectUri of the request, which is registered
record Recipient(URI redirectUri) {
  /// Whether it is a program on the person's own computer, which cannot prove which one it is: any
  /// other program there may listen at the same port or claim the same scheme.
  boolean isOnThisComputer() {
    return isOfPrivateScheme() || RedirectUri.isOnThisComputer(redirectUri);
  }

  /// A URI of a private-use scheme may have a host too, which then means nothing.
  private boolean isOfPrivateScheme() {
    return !redirectUri.getScheme().equals("https") && !redirectUri.getScheme().equals("http");
  }

  private String host() {
    return redirectUri.getHost().toLowerCase(Locale.ROOT);
  }

  /// As the person reads it.
  String inWords() {
    if (isOfPrivateScheme()) {
      return "an application on this device (" + redirectUri.getScheme() + ")";
    }
    return authority();
  }

  private String authority() {
    int port = redirectUri.getPort();
    return port == -1 || (port == 443 && !isOnThisComputer()) ? host() : host() + ":" + port;
  }

  /// The same text for what a person cannot tell apart: at one host its paths, on their own
  /// computer its names and ports.
  String mark() {
    if (isOfPrivateScheme()) {
      return redirectUri.getScheme().toLowerCase(Locale.ROOT) + ":";
    }
    return isOnThisComputer() ? "loopback" : "https://" + authority();
  }
}
