package dev.lanyard.server.pair;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;

/// What a server answered.
public record Answer(HttpResponse<String> response) {
  public int status() {
    return response.statusCode();
  }

  public String body() {
    return response.body();
  }

  public Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  public JsonObject json() {
    try {
      return JsonObject.parse(response.body());
    } catch (MalformedException e) {
      throw new AssertionError("not JSON: " + response.body(), e);
    }
  }

  /// A text member of the JSON body, empty text if it is absent.
  public String text(String name) {
    try {
      return json().string(name).orElse("");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// Where the browser is sent.
  public URI location() {
    return URI.create(header("Location").orElseThrow());
  }

  /// A parameter of the URL where the browser is sent, empty text if it is absent.
  public String parameter(String name) {
    try {
      return Form.parse(location().getRawQuery(), Set.of()).one(name).orElse("");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// The value of a cookie that is set.
  public Optional<String> cookie(String name) {
    return response.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(name.length() + 1).split(";", 2)[0])
        .reduce((_, last) -> last);
  }
}
