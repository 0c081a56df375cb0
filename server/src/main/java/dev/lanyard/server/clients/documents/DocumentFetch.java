package dev.lanyard.server.clients.documents;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.ClientMetadata;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Fetches a metadata document and judges it (REG-3). Thread-safe.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-02#section-4
///   Client ID Metadata Document draft-02 §4
final class DocumentFetch {
  static final Duration TIMEOUT = Duration.ofSeconds(5);
  static final int MOST_BYTES = 5 * 1024;

  /// What is larger is no document; what is even larger is not read to the end.
  private static final int MOST_READ = 64 * 1024;

  static final Duration LEAST_LIFE = Duration.ofMinutes(5);
  static final Duration USUAL_LIFE = Duration.ofHours(1);
  static final Duration LONGEST_LIFE = Duration.ofHours(24);

  private static final Pattern MAX_AGE =
      Pattern.compile("(?:.*,)?\\s*max-age\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(?:,.*)?");

  /// A secret that two have to know cannot be in a public document.
  private static final ClientMetadata.Rules RULES =
      new ClientMetadata.Rules(
          Set.of(AuthMethod.PRIVATE_KEY_JWT, AuthMethod.NONE),
          EnumSet.allOf(GrantType.class),
          true,
          true);

  private final EgressClient egress;

  DocumentFetch(EgressClient egress) {
    this.egress = egress.limitedTo(TIMEOUT, MOST_READ);
  }

  Fetched fetch(ClientIdUrl from) {
    return switch (egress.send(EgressRequest.get(from.url()))) {
      case EgressResult.Answered answer when answer.status() == 200 -> judged(answer, from);
      case EgressResult.Answered answer when isPassing(answer.status()) ->
          new Fetched.Outage("status " + answer.status());
      case EgressResult.Answered answer ->
          bad("status", "200, and no redirect", Integer.toString(answer.status()));
      case EgressResult.Refused(var reason) ->
          new Fetched.Bad(new Evidence("client_id", "a public address", reason, "REG-4"));
      case EgressResult.Failed(var reason) -> new Fetched.Outage(reason);
    };
  }

  private static boolean isPassing(int status) {
    return status >= 500 || status == 408 || status == 425 || status == 429;
  }

  private static Fetched judged(EgressResult.Answered answer, ClientIdUrl from) {
    var type =
        answer
            .header("Content-Type")
            .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .orElse("none");
    if (!type.equals("application/json") && !type.matches("application/[a-z0-9.-]+\\+json")) {
      return bad("content-type", "application/json", type);
    }
    if (answer.body().length > MOST_BYTES) {
      return bad("document", MOST_BYTES + " bytes at most", answer.body().length + "");
    }
    try {
      return judged(answer.json(), from, life(answer));
    } catch (MalformedException e) {
      return bad("document", "a JSON object", e.getMessage());
    }
  }

  private static Fetched judged(JsonObject json, ClientIdUrl from, Duration life)
      throws MalformedException {
    var named = json.string("client_id");
    if (!named.equals(Optional.of(from.id().value()))) {
      return bad("client_id", from.id().value(), named.orElse("none"));
    }
    if (json.has("client_secret") || json.has("client_secret_expires_at")) {
      return bad("client_secret", "none: everybody can read it", "present");
    }
    if (json.strings("redirect_uris").isEmpty()) {
      return bad("redirect_uris", "present", "absent");
    }
    return switch (ClientMetadata.read(json, RULES)) {
      case ClientMetadata.Reading.Read(var metadata) ->
          new Fetched.Good(metadata.client(from.id(), Optional.empty()), life);
      case ClientMetadata.Reading.Invalid(_, var evidence) -> new Fetched.Bad(evidence);
    };
  }

  /// What HTTP says, within our bounds: whoever says "never" must not have us ask for every
  /// request, and whoever says "for ever" must be able to change their keys.
  private static Duration life(EgressResult.Answered answer) {
    var control = String.join(",", answer.headers("Cache-Control")).toLowerCase(Locale.ROOT);
    if (control.contains("no-store") || control.contains("no-cache")) {
      return LEAST_LIFE;
    }
    var age = MAX_AGE.matcher(control);
    var said = age.matches() ? Duration.ofSeconds(Long.parseLong(age.group(1))) : USUAL_LIFE;
    return said.compareTo(LEAST_LIFE) < 0
        ? LEAST_LIFE
        : said.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : said;
  }

  private static Fetched bad(String check, String expected, String actual) {
    return new Fetched.Bad(new Evidence(check, expected, actual, "REG-3"));
  }
}
