package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The requests of one look, or of several at one time: a pause between two to the same host, what
/// has not changed is not sent again, a host that asks for patience gets it, no redirect is
/// followed, and there is an end to it. Not thread-safe.
final class Visit {
  /// Between two requests to one host.
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int MOST_REQUESTS = 16;
  private static final Duration LONGEST_PATIENCE = Duration.ofDays(7);
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
  private static final String AGENT = "lanyard-probe (reads public metadata of MCP servers)";

  private final EgressClient egress;
  private final Documents documents;
  private final Patience patience;
  private final InstantSource clock;
  private final Map<String, Instant> asked = new HashMap<>();
  private final Map<String, Instant> patient = new HashMap<>();
  private final Map<URI, Page> seen = new HashMap<>();
  private Optional<Instant> comeBack = Optional.empty();
  private int requests;

  /// @param egress decides where a request may go at all
  Visit(EgressClient egress, Documents documents, Patience patience, InstantSource clock) {
    this.egress = egress;
    this.documents = documents;
    this.patience = patience;
    this.clock = clock;
  }

  /// Waits.
  @FunctionalInterface
  interface Patience {
    void wait(Duration pause);
  }

  /// What is at a place.
  sealed interface Page {
    record Document(dev.lanyard.protocol.json.JsonObject json) implements Page {}

    /// An answer that is no document.
    ///
    /// @param status the HTTP status
    /// @param what in words
    record Other(int status, String what) implements Page {}

    /// No answer, or none that counts.
    record Nothing(String why) implements Page {}
  }

  /// A new connector is looked at: it has as many requests as any other.
  void begin() {
    requests = 0;
    comeBack = Optional.empty();
  }

  /// When a host of this look wants to be asked again at the earliest.
  Optional<Instant> comeBack() {
    return comeBack;
  }

  /// Calls an MCP server as a client without a token does.
  EgressResult call(URI address) {
    var request =
        new EgressRequest(
            "POST",
            address,
            Map.of(
                "Content-Type",
                "application/json",
                "Accept",
                "application/json, text/event-stream",
                "User-Agent",
                AGENT),
            PING);
    return send(request);
  }

  /// Fetches a document, once in a visit.
  Page document(URI place) {
    var known = seen.get(place);
    if (known != null) {
      return known;
    }
    var kept = documents.find(place);
    var request = EgressRequest.get(place).with("User-Agent", AGENT);
    var asking = kept.map(one -> request.with("If-None-Match", one.etag())).orElse(request);
    var page =
        switch (send(asking)) {
          case EgressResult.Answered answered when answered.status() == 304 && kept.isPresent() ->
              new Page.Document(kept.get().document());
          case EgressResult.Answered answered when answered.status() == 200 ->
              read(place, answered);
          case EgressResult.Answered answered -> new Page.Other(answered.status(), told(answered));
          case EgressResult.Refused(var why) ->
              new Page.Nothing("it may not be asked from here: " + why);
          case EgressResult.Failed(var why) -> new Page.Nothing(why);
        };
    seen.put(place, page);
    return page;
  }

  private Page read(URI place, EgressResult.Answered answered) {
    try {
      var json = answered.json();
      answered
          .header("ETag")
          .filter(Visit::isTag)
          .ifPresent(tag -> documents.keep(place, new Documents.Kept(tag, json), clock.instant()));
      return new Page.Document(json);
    } catch (MalformedException e) {
      return new Page.Other(200, "something that is no JSON object");
    }
  }

  /// What goes back into a header.
  private static boolean isTag(String tag) {
    return tag.length() <= 200 && tag.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /// Only the host of a redirect: the rest may be anybody's.
  static String told(EgressResult.Answered answered) {
    int status = answered.status();
    return status < 300 || status > 399
        ? String.valueOf(status)
        : "%d towards %s, which is not followed"
            .formatted(status, answered.header("Location").map(Visit::host).orElse("nowhere"));
  }

  private static String host(String location) {
    try {
      var host = URI.create(location).getHost();
      return host == null ? "another path" : host;
    } catch (IllegalArgumentException e) {
      return "something that is no URL";
    }
  }

  private EgressResult send(EgressRequest request) {
    if (++requests > MOST_REQUESTS) {
      return new EgressResult.Refused(
          "one look makes %d requests at most".formatted(MOST_REQUESTS));
    }
    var host = String.valueOf(request.url().getHost());
    var asleep = patient.get(host);
    if (asleep != null && asleep.isAfter(clock.instant())) {
      comeBack = Optional.of(asleep);
      return new EgressResult.Failed("its host has asked for patience until " + asleep);
    }
    var before = asked.get(host);
    var now = clock.instant();
    if (before != null && before.plus(PAUSE).isAfter(now)) {
      patience.wait(Duration.between(now, before.plus(PAUSE)));
    }
    asked.put(host, clock.instant());
    var result = egress.send(request);
    if (result instanceof EgressResult.Answered answered
        && (answered.status() == 429 || answered.status() == 503)) {
      var later = clock.instant().plus(wanted(answered));
      patient.put(host, later);
      comeBack = Optional.of(later);
    }
    return result;
  }

  private Duration wanted(EgressResult.Answered answered) {
    var wanted =
        answered
            .header("Retry-After")
            .map(String::strip)
            .map(text -> text.matches("\\d{1,9}") ? seconds(text) : until(text))
            .orElse(Duration.ofMinutes(5));
    return wanted.compareTo(LONGEST_PATIENCE) > 0 ? LONGEST_PATIENCE : wanted;
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text));
  }

  private Duration until(String text) {
    try {
      var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(clock.instant())
          ? Duration.between(clock.instant(), date)
          : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ofMinutes(5);
    }
  }
}
