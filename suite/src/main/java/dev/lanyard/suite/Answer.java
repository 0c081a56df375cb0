package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;

/// What a server answered.
///
/// @param headers as they came
/// @param body as text
public record Answer(int status, HttpHeaders headers, String body) {

  /// A header; empty if it is absent.
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /// The body.
  ///
  /// @throws UnusableAnswer if it is not one JSON object
  public JsonObject json() throws UnusableAnswer {
    try {
      return JsonObject.parse(body);
    } catch (MalformedException e) {
      throw new UnusableAnswer("status " + status + " and no JSON object: " + e.getMessage(), e);
    }
  }

  /// A text member of the body; empty text if it is absent or something else.
  public String text(String member) {
    try {
      return JsonObject.parse(body).string(member).orElse("");
    } catch (MalformedException e) {
      return "";
    }
  }

  /// The error code of the body, in brackets if there is none.
  public String error() {
    var error = text("error");
    return error.isEmpty() ? "(no error code)" : error;
  }

  public boolean isJson() {
    return header("Content-Type")
        .map(type -> type.toLowerCase(Locale.ROOT))
        .filter(type -> type.equals("application/json") || type.startsWith("application/json;"))
        .isPresent();
  }

  /// Whether a cache may store it, because no `no-store` forbids it.
  public boolean mayBeStored() {
    return header("Cache-Control")
        .filter(control -> control.toLowerCase(Locale.ROOT).contains("no-store"))
        .isEmpty();
  }

  /// Status and error code: never the body, which may hold a token.
  public String inShort() {
    return status == 200 ? "200" : status + " " + error();
  }

  /// Status and error code only.
  @Override
  public String toString() {
    return "Answer[" + inShort() + "]";
  }
}
