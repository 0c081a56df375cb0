package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our stream at a transmitter, over its API.
final class RemoteStream {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteStream.class);
  private static final String PUSH = "urn:ietf:rfc:8935";
  private static final String POLL = "urn:ietf:rfc:8936";
  private static final int MOST = 50;

  private final EventSource source;
  private final Subscription subscription;
  private final StreamAccess access;
  private final RemoteTransmitter.Metadata metadata;
  private final URI pushes;
  private final EgressClient egress;

  private RemoteStream(
      EventSource source,
      Subscription subscription,
      StreamAccess access,
      RemoteTransmitter.Metadata metadata,
      URI pushes,
      EgressClient egress) {
    this.source = source;
    this.subscription = subscription;
    this.access = access;
    this.metadata = metadata;
    this.pushes = pushes;
    this.egress = egress;
  }

  /// Empty if the configuration has none, or the transmitter cannot be reached.
  static Optional<RemoteStream> of(EventSource source, URI pushes, EgressClient egress) {
    var stream = source.config().stream();
    var access = source.access();
    if (stream.isEmpty() || access.isEmpty()) {
      return Optional.empty();
    }
    var metadata = source.transmitter().metadata();
    if (metadata.isEmpty()) {
      LOG.warn("the metadata of {} cannot be had", source.name());
    }
    return metadata.map(
        known -> new RemoteStream(source, stream.get(), access.get(), known, pushes, egress));
  }

  /// Finds the stream that we have there, or makes one.
  Optional<String> subscribe() {
    var endpoint = metadata.configurationEndpoint();
    if (endpoint.isEmpty()) {
      LOG.warn("{} publishes no configuration_endpoint", source.name());
      return Optional.empty();
    }
    try {
      var known = streamIn(list(endpoint.get()));
      if (known.isPresent()) {
        return known;
      }
      var created = send("POST", endpoint.get(), wish());
      return created instanceof EgressResult.Answered answer && answer.status() == 201
          ? answer.json().string("stream_id")
          : failed("making a stream", created, Optional.empty());
    } catch (MalformedException e) {
      LOG.warn("{} answered what cannot be read: {}", source.name(), e.getMessage());
      return Optional.empty();
    }
  }

  /// One stream or an array of them: transmitters answer either.
  private List<JsonObject> list(URI endpoint) throws MalformedException {
    if (!(send("GET", endpoint, JsonObject.EMPTY) instanceof EgressResult.Answered answer)
        || answer.status() != 200) {
      return List.of();
    }
    var text = new String(answer.body(), StandardCharsets.UTF_8).strip();
    return text.startsWith("[")
        ? JsonObject.parse("{\"streams\":" + text + "}").objects("streams").orElse(List.of())
        : List.of(JsonObject.parse(text));
  }

  private Optional<String> streamIn(List<JsonObject> streams) throws MalformedException {
    for (var stream : streams) {
      var delivery = stream.object("delivery").orElse(JsonObject.EMPTY);
      if (stream.stringOrStrings("aud").orElse(List.of()).contains(source.config().audience())
          && delivery.string("method").equals(Optional.of(method()))) {
        return stream.string("stream_id");
      }
    }
    return Optional.empty();
  }

  private String method() {
    return subscription.poll() ? POLL : PUSH;
  }

  private JsonObject wish() {
    var delivery = JsonObject.builder().put("method", method());
    if (!subscription.poll()) {
      delivery.put("endpoint_url", pushes + "/" + source.name());
      source
          .config()
          .pushAuthorization()
          .ifPresent(secret -> delivery.put("authorization_header", secret.reveal()));
    }
    return JsonObject.builder()
        .put("delivery", delivery.build())
        .put("events_requested", EventMeaning.ACTED_UPON)
        .put("description", "Lanyard")
        .build();
  }

  /// Asks for a sign of life.
  ///
  /// @return false only if the transmitter says that there is no such stream
  boolean verify(String stream, String state) {
    if (metadata.verificationEndpoint().isEmpty()) {
      return true;
    }
    var body = JsonObject.builder().put("stream_id", stream).put("state", state).build();
    var result = send("POST", metadata.verificationEndpoint().get(), body);
    if (result instanceof EgressResult.Answered answer && answer.status() < 300) {
      return true;
    }
    return failed(
        "asking for a sign of life",
        result,
        !(result instanceof EgressResult.Answered answer && answer.status() == 404));
  }

  /// What was fetched.
  sealed interface Polled {
    /// @param sets compact tokens by their id
    /// @param more whether there are further ones
    record Batch(Map<String, String> sets, boolean more) implements Polled {}

    record Nothing() implements Polled {}
  }

  /// Fetches events, and acknowledges those before.
  ///
  /// @param settled by id, with the error of those that were refused
  Polled poll(String stream, Map<String, Optional<String>> settled) {
    return subscription.poll() ? polled(stream, settled, MOST) : new Polled.Nothing();
  }

  /// Only acknowledges.
  Polled acknowledge(String stream, Map<String, Optional<String>> settled) {
    return polled(stream, settled, 0);
  }

  private Polled polled(String stream, Map<String, Optional<String>> settled, int most) {
    try {
      var endpoint = pollEndpoint(stream);
      if (endpoint.isEmpty()) {
        return new Polled.Nothing();
      }
      var result = send("POST", endpoint.get(), request(settled, most));
      if (!(result instanceof EgressResult.Answered answer) || answer.status() != 200) {
        return failed("fetching events", result, new Polled.Nothing());
      }
      var json = answer.json();
      var sets = new LinkedHashMap<String, String>();
      var given = json.object("sets").orElse(JsonObject.EMPTY);
      for (var id : given.names()) {
        sets.put(id, given.string(id).orElse(""));
      }
      return new Polled.Batch(sets, json.bool("moreAvailable").orElse(false));
    } catch (MalformedException e) {
      LOG.warn("{} answered what cannot be read: {}", source.name(), e.getMessage());
      return new Polled.Nothing();
    }
  }

  private static JsonObject request(Map<String, Optional<String>> settled, int most) {
    var errors = JsonObject.builder();
    settled.forEach((id, error) ->
        error.ifPresent(code ->
            errors.put(
                id,
                JsonObject.builder()
                    .put("err", code)
                    .put("description", "the event was refused")
                    .build())));
    return JsonObject.builder()
        .put("maxEvents", most)
        .put("returnImmediately", true)
        .put(
            "ack",
            settled.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList())
        .put("setErrs", errors.build())
        .build();
  }

  /// Where events are fetched is written in the stream's configuration.
  private Optional<URI> pollEndpoint(String stream) throws MalformedException {
    var endpoint = metadata.configurationEndpoint();
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    var query = "stream_id=" + URLEncoder.encode(stream, StandardCharsets.UTF_8);
    var separator = endpoint.get().getRawQuery() == null ? "?" : "&";
    for (var one : list(URI.create(endpoint.get() + separator + query))) {
      var delivery = one.object("delivery").orElse(JsonObject.EMPTY);
      if (one.string("stream_id").equals(Optional.of(stream))) {
        return url(delivery.nonEmptyString("endpoint_url"));
      }
    }
    return Optional.empty();
  }

  private static Optional<URI> url(String text) throws MalformedException {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException e) {
      // The JDK has no other way to say that it is not a URL.
      throw new MalformedException("'endpoint_url' is not a URL");
    }
  }

  private EgressResult send(String method, URI url, JsonObject body) {
    var token = access.token();
    if (token.isEmpty()) {
      return new EgressResult.Failed("there is no access token");
    }
    var result = send(method, url, body, token.get());
    boolean refused = result instanceof EgressResult.Answered answer && answer.status() == 401;
    if (!refused || !access.isRenewableAfter(token.get())) {
      return result;
    }
    // It may have been revoked before its end.
    return access.token().map(another -> send(method, url, body, another)).orElse(result);
  }

  private EgressResult send(String method, URI url, JsonObject body, Secret token) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Authorization", "Bearer " + token.reveal());
    headers.put("Accept", "application/json");
    if (method.equals("POST")) {
      headers.put("Content-Type", "application/json");
    }
    return egress.send(
        new EgressRequest(method, url, headers, method.equals("POST") ? body.toJson() : ""));
  }

  private <T> T failed(String what, EgressResult result, T answer) {
    LOG.warn("{} at {} failed: {}", what, source.name(), result);
    return answer;
  }
}
