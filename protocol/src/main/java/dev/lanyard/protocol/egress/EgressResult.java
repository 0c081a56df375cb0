package dev.lanyard.protocol.egress;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What became of an [EgressRequest].
public sealed interface EgressResult {
  /// The server answered, with whatever status. A redirect is an answer like another: it is not
  /// followed.
  ///
  /// @param headers names in lower case
  @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
  record Answered(int status, Map<String, List<String>> headers, byte[] body)
      implements EgressResult {

    public Optional<String> header(String name) {
      return headers(name).stream().findFirst();
    }

    public List<String> headers(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /// The body as one JSON object, whatever its content type says.
    ///
    /// @throws MalformedException if it is not strict JSON
    public JsonObject json() throws MalformedException {
      return JsonObject.parse(body);
    }

    /// Without the body, which may hold a token.
    @Override
    public String toString() {
      return "Answered[" + status + "]";
    }
  }

  /// There is no answer, whatever the reason is.
  sealed interface Unanswered extends EgressResult {
    /// For an operator to read.
    String reason();
  }

  /// Nothing was sent: policy forbids to go there.
  record Refused(String reason) implements Unanswered {}

  /// The server could not be reached, or did not answer in HTTP within the limits.
  record Failed(String reason) implements Unanswered {}
}
