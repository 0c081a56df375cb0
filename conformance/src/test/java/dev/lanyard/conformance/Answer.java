package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.net.http.HttpHeaders;

/// What came back over the wire.
record Answer(int status, HttpHeaders headers, String body) {
  /// The body as a JSON object, read by the strict parser.
  JsonObject json() throws MalformedException {
    return JsonObject.parse(body);
  }

  /// The `error` member of an OAuth error, or nothing.
  String error() throws MalformedException {
    return json().string("error").orElse("");
  }

  /// A header that must be there exactly once.
  String header(String name) {
    var values = headers.allValues(name);
    if (values.size() != 1) {
      throw new AssertionError(name + " is there " + values.size() + " times in " + this);
    }
    return values.getFirst();
  }

  /// Where a redirect points.
  URI location() {
    return URI.create(header("location"));
  }
}
