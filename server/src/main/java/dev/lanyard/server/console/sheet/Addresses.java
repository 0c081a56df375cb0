package dev.lanyard.server.console.sheet;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Text that comes from outside, as part of an address, and what an address says.
public final class Addresses {
  private Addresses() {}

  /// What a request says behind the question mark; empty if nobody can read it.
  public static Optional<Form> query(Request request) {
    try {
      return Optional.of(Form.parse(request.query(), Set.of()));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// One segment of a path.
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// The value of a parameter.
  public static String value(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
