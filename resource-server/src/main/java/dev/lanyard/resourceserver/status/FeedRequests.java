package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The requests of a receiver of security events to one transmitter. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8936.html#section-2 RFC 8936 §2
final class FeedRequests {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /// Some thousand events; a transmitter that has more says that there is more.
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private static final String EVENT =
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

  private final FeedConfig config;
  private final WholeAnswers answers;

  FeedRequests(FeedConfig config, HttpClient http) {
    this.config = config;
    this.answers = new WholeAnswers(http, MOST_BYTES);
  }

  /// A stream that was begun.
  record Begun(String id, URI poll, String audience) {}

  /// @param more whether there is more to fetch
  record Answer(Map<String, String> sets, boolean more) {}

  /// The transmitter does not know the stream any more.
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException() {
      super("the authorization server has forgotten the stream");
    }
  }

  Begun begin() throws IOException, InterruptedException, MalformedException {
    var body =
        JsonObject.builder()
            .put("delivery", JsonObject.builder().put("method", "urn:ietf:rfc:8936").build())
            .put("events_requested", List.of(EVENT))
            .put("stale_after", config.staleAfter().toSeconds())
            .build();
    var response = answers.to(post(config.streams(), body).build(), TIMEOUT);
    if (response.statusCode() != 201) {
      throw refused(response);
    }
    var json = JsonObject.parse(response.body());
    var delivery = json.object("delivery").orElse(JsonObject.EMPTY);
    return new Begun(
        json.nonEmptyString("stream_id"),
        poll(delivery.nonEmptyString("endpoint_url")),
        json.nonEmptyString("aud"));
  }

  /// Our credentials go to no other server than the configured one, which may stand at an address
  /// of its own: of the URL only the path counts.
  private URI poll(String url) throws MalformedException {
    try {
      return config.streams().resolve(new URI(url).getRawPath());
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new MalformedException("the stream has no URL");
    }
  }

  /// Fetches what comes next.
  ///
  /// @param has what is known here
  /// @param patient whether the transmitter may wait for something to happen
  Answer poll(Begun stream, Collection<String> has, boolean patient)
      throws IOException, InterruptedException, MalformedException {
    var body =
        JsonObject.builder()
            .put("ack", List.copyOf(has))
            .put("returnImmediately", !patient)
            .build();
    var patience = config.patience();
    var request =
        post(stream.poll(), body).header("Prefer", "wait=" + patience.toSeconds()).build();
    var response = answers.to(request, config.staleAfter());
    if (response.statusCode() == 404) {
      throw new GoneException();
    }
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    var json = JsonObject.parse(response.body());
    var sets = json.object("sets").orElse(JsonObject.EMPTY);
    var all = new LinkedHashMap<String, String>();
    for (var id : sets.names()) {
      all.put(id, sets.nonEmptyString(id));
    }
    return new Answer(all, json.bool("moreAvailable").orElse(false));
  }

  void end(Begun stream) throws IOException, InterruptedException {
    var separator = config.streams().getRawQuery() == null ? "?" : "&";
    var url = URI.create(config.streams() + separator + "stream_id=" + stream.id());
    var request =
        HttpRequest.newBuilder(url)
            .header("Authorization", config.credentials().toHeader())
            .DELETE()
            .build();
    answers.to(request, TIMEOUT);
  }

  private HttpRequest.Builder post(URI to, JsonObject body) {
    return HttpRequest.newBuilder(to)
        .header("Authorization", config.credentials().toHeader())
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .POST(BodyPublishers.ofByteArray(body.toBytes()));
  }

  private static IOException refused(HttpResponse<byte[]> response) {
    return new IOException(response.uri().getPath() + " answered " + response.statusCode());
  }
}
