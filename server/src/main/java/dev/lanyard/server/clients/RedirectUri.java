package dev.lanyard.server.clients;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A registered redirect URI.
///
/// Presented ones are compared as strings, without decoding or normalising. The one exception is
/// the port of an `http` URI on the client's own machine (`127.0.0.1`, `[::1]`, `localhost`), which
/// native clients choose anew at each sign-in.
///
/// | Registered | Accepted | Rejected |
/// |---|---|---|
/// | `https://a.example/cb` | `https://a.example/cb` | `https://a.example/cb/`, `https://a.example:443/cb`, `https://A.example/cb` |
/// | `http://127.0.0.1/cb` | `http://127.0.0.1:33418/cb` | `http://localhost:33418/cb`, `http://127.0.0.1:33418/cb?x=1` |
/// | `http://localhost/callback` | `http://localhost:8080/callback` | `https://localhost:8080/callback` |
///
/// @param value as it is registered
/// @spec https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 RFC 8252 §7.3 (AC-4)
public record RedirectUri(String value) {
  private static final Pattern LOOPBACK =
      Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1]|localhost)(:[0-9]{1,5})?(/[^#]*|\\?[^#]*|)");

  /// @throws IllegalArgumentException if it is not absolute, has a fragment, or is neither `https`,
  ///   `http` on the client's own machine, nor a private-use scheme with a dot in it
  public RedirectUri {
    var fault = faultOf(value);
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  /// Why a text is no redirect URI that may be registered, if so.
  static Optional<String> faultOf(String value) {
    try {
      var uri = new URI(value);
      var scheme = uri.getScheme();
      if (scheme == null || uri.getRawFragment() != null) {
        return Optional.of("a redirect URI is absolute and has no fragment");
      }
      boolean allowed =
          switch (scheme) {
            case "https" -> uri.getHost() != null && uri.getRawUserInfo() == null;
            case "http" -> LOOPBACK.matcher(value).matches();
            default -> scheme.indexOf('.') > 0;
          };
      return allowed
          ? Optional.empty()
          : Optional.of(
              "use https, http on 127.0.0.1, [::1] or localhost, or a scheme like com.example.app");
    } catch (URISyntaxException e) {
      return Optional.of("not a URI");
    }
  }

  /// Whether a presented URI is this one.
  ///
  /// @param presented as it was sent
  public boolean matches(String presented) {
    if (presented.equals(value)) {
      return true;
    }
    var registered = LOOPBACK.matcher(value);
    var sent = LOOPBACK.matcher(presented);
    return registered.matches()
        && sent.matches()
        && registered.group(1).equals(sent.group(1))
        && registered.group(3).equals(sent.group(3));
  }

  /// Whether the host of an `http` or `https` URI is the computer of whoever opens it, however it
  /// is written.
  public static boolean isOnThisComputer(URI uri) {
    var host = uri.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    try {
      var address = InetAddress.ofLiteral(host.replaceAll("^\\[|]$", ""));
      return address.isLoopbackAddress() || address.isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// The host that receives what is sent there; empty if it is on the client's own machine.
  Optional<String> host() {
    return value.startsWith("https://")
        ? Optional.of(URI.create(value).getHost().toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
