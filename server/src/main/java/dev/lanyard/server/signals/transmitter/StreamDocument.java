package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The configuration of a stream as a receiver sees and writes it.
final class StreamDocument {
  static final String PUSH = "urn:ietf:rfc:8935";
  static final String POLL = "urn:ietf:rfc:8936";
  private static final int MOST_EVENTS = 64;
  private static final int LONGEST_TEXT = 1_000;

  private final Issuer self;
  private final URI polls;
  private final Duration minVerification;

  /// @param polls the URL below which each stream is fetched
  StreamDocument(Issuer self, URI polls, Duration minVerification) {
    this.self = self;
    this.polls = polls;
    this.minVerification = minVerification;
  }

  /// What a receiver may choose.
  ///
  /// @param gives whether `delivery` was given
  record Wish(
      boolean gives,
      Optional<String> endpoint,
      Optional<Secret> authorization,
      Optional<List<String>> requested,
      Optional<String> description) {}

  /// The document. The receiver's own secret is not repeated.
  JsonObject of(Stream stream, Receiver receiver) {
    var delivery =
        JsonObject.builder()
            .put("method", stream.endpoint().isPresent() ? PUSH : POLL)
            .put("endpoint_url", stream.endpoint().orElseGet(() -> polls + "/" + stream.id()))
            .build();
    return JsonObject.builder()
        .put("stream_id", stream.id())
        .put("iss", self.value())
        .put("aud", receiver.audience())
        .put("delivery", delivery)
        .put("events_supported", Emission.SUPPORTED)
        .put("events_requested", stream.requested())
        .put("events_delivered", Emission.SUPPORTED.stream().filter(stream::delivers).toList())
        .put("min_verification_interval", minVerification.toSeconds())
        .putIfPresent("description", stream.description())
        .build();
  }

  /// A member that is ours to set and was sent back with another value.
  Optional<String> changesOurs(JsonObject json, Stream stream, Receiver receiver) {
    var ours = of(stream, receiver);
    for (var member :
        List.of(
            "iss", "aud", "events_supported", "events_delivered", "min_verification_interval")) {
      if (json.has(member) && !json.text(member).equals(ours.text(member))) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /// @throws MalformedException if a member has another form than the framework gives it
  Wish wish(JsonObject json) throws MalformedException {
    var requested = json.strings("events_requested");
    if (requested.isPresent()
        && (requested.get().size() > MOST_EVENTS
            || !requested.get().stream().allMatch(StreamDocument::isUri))) {
      throw new MalformedException("'events_requested' is not a short list of URIs");
    }
    var description = json.string("description");
    if (description.orElse("").length() > LONGEST_TEXT) {
      throw new MalformedException("'description' is too long");
    }
    var delivery = json.object("delivery");
    if (delivery.isEmpty()) {
      return new Wish(false, Optional.empty(), Optional.empty(), requested, description);
    }
    return switch (delivery.get().nonEmptyString("method")) {
      case PUSH ->
          new Wish(
              true,
              Optional.of(endpoint(delivery.get().nonEmptyString("endpoint_url"))),
              authorization(delivery.get()),
              requested,
              description);
      case POLL -> new Wish(true, Optional.empty(), Optional.empty(), requested, description);
      default -> throw new MalformedException("unknown delivery method");
    };
  }

  private static boolean isUri(String text) {
    return text.length() <= LONGEST_TEXT && text.matches("[a-z]+:[!-~]+");
  }

  /// Where it leads is judged again at every push (SEC-6).
  private static String endpoint(String url) throws MalformedException {
    try {
      var uri = new URI(url);
      if (uri.getHost() == null
          || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null) {
        throw new MalformedException("'endpoint_url' is not an https URL");
      }
      return url;
    } catch (URISyntaxException e) {
      throw new MalformedException("'endpoint_url' is not a URL");
    }
  }

  private static Optional<Secret> authorization(JsonObject delivery) throws MalformedException {
    var header = delivery.string("authorization_header");
    if (header.isPresent() && !header.get().matches("[ -~]{1,4096}")) {
      throw new MalformedException("'authorization_header' cannot stand in a header");
    }
    return header.map(Secret::new);
  }
}
