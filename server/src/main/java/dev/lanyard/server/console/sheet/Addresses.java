package dev.lanyard.server.console.sheet;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Writes text from outside into addresses, and reads what an address asks for.
public final class Addresses {
  private Addresses() {}

  /// The query of a request; empty if it cannot be read.
  public static Optional<Form> query(Request request) {
    try {
      return Optional.of(Form.parse(request.query(), Set.of()));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// A text as one segment of a path.
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// A text as the value of a parameter.
  public static String value(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
