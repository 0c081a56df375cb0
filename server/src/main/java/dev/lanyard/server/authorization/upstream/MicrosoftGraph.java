package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Reads the groups of people of Entra whose ID Tokens only say that there are many, groups in
/// groups included, page by page.
///
/// It goes to the configured address only, whatever a token or a page says, with a token of its own
/// (client credentials; the application permission `GroupMember.Read.All`). Thread-safe.
///
/// @spec https://learn.microsoft.com/en-us/graph/api/user-list-transitivememberof Microsoft Graph
final class MicrosoftGraph implements GroupOverage {
  private static final int PAGE = 500;
  private static final int MOST_PAGES = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration MARGIN = Duration.ofMinutes(1);
  private static final Duration SHORTEST_LIFE = Duration.ofMinutes(5);

  private final MicrosoftGraphConfig config;
  private final Circuit calls;
  private final ClientId client;
  private final Secret clientSecret;
  private final Supplier<Answer<URI>> tokenEndpoint;
  private final InstantSource clock;
  private volatile Optional<Held> held = Optional.empty();

  /// @param tokenEndpoint of the provider
  MicrosoftGraph(
      MicrosoftGraphConfig config,
      Circuit calls,
      ClientId client,
      Secret clientSecret,
      Supplier<Answer<URI>> tokenEndpoint,
      InstantSource clock) {
    this.config = config;
    this.calls = calls;
    this.client = client;
    this.clientSecret = clientSecret;
    this.tokenEndpoint = tokenEndpoint;
    this.clock = clock;
  }

  private record Held(Secret token, Instant until) {}

  @Override
  public Answer<Set<String>> groupsOf(JsonObject claims) throws MalformedException {
    var id = claims.nonEmptyString("oid");
    if (!id.matches("[A-Za-z0-9-]{1,64}")) {
      throw new MalformedException("member 'oid' is no object id");
    }
    return token().then(token -> pages(first(id), token));
  }

  private URI first(String id) {
    return URI.create(
        config.endpoint()
            + "/users/"
            + id
            + "/transitiveMemberOf/microsoft.graph.group?$select=id,securityEnabled&$top="
            + PAGE);
  }

  private Answer<Set<String>> pages(URI first, Secret token) {
    var groups = new HashSet<String>();
    var deadline = clock.instant().plus(PATIENCE);
    var next = Optional.of(first);
    for (int page = 0; next.isPresent(); page++) {
      if (page == MOST_PAGES || clock.instant().isAfter(deadline)) {
        return outage("has more pages of groups than can be read in time");
      }
      if (!isThere(next.get())) {
        return outage("names a next page at another address: " + next.get().getHost());
      }
      var request = EgressRequest.get(next.get()).with("Authorization", "Bearer " + token.reveal());
      switch (calls.send(request)) {
        case EgressResult.Answered answered when answered.status() == 200 -> {
          try {
            next = read(answered.json(), groups);
          } catch (MalformedException e) {
            return outage("answered nonsense: " + e.getMessage());
          }
        }
        case EgressResult.Answered answered -> {
          if (answered.status() == 401) {
            held = Optional.empty();
          }
          return outage("answered " + answered.status() + hint(answered.status()));
        }
        case EgressResult.Refused(var why) -> {
          return outage(why);
        }
        case EgressResult.Failed(var why) -> {
          return outage(why);
        }
      }
    }
    return new Answer.Given<>(groups);
  }

  private static String hint(int status) {
    return status == 403
        ? "; grant the application permission GroupMember.Read.All, with the administrator's consent"
        : "";
  }

  private Optional<URI> read(JsonObject page, Set<String> groups) throws MalformedException {
    for (var group : page.objects("value").orElseThrow(() -> new MalformedException("no value"))) {
      // Whatever is not known to be none is one.
      if (!config.securityGroupsOnly() || group.bool("securityEnabled").orElse(true)) {
        groups.add(group.nonEmptyString("id"));
      }
    }
    var next = page.string("@odata.nextLink");
    try {
      return next.map(URI::create);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the next page has no address");
    }
  }

  private boolean isThere(URI page) {
    return page.getScheme() != null
        && page.getScheme().equalsIgnoreCase(config.endpoint().getScheme())
        && page.getRawAuthority() != null
        && page.getRawAuthority().equalsIgnoreCase(config.endpoint().getRawAuthority());
  }

  private Answer<Secret> token() {
    var now = clock.instant();
    var known = held.filter(one -> now.isBefore(one.until()));
    if (known.isPresent()) {
      return new Answer.Given<>(known.get().token());
    }
    return tokenEndpoint.get().then(endpoint -> fetched(endpoint, now));
  }

  private Answer<Secret> fetched(URI endpoint, Instant now) {
    var scope =
        config.endpoint().getScheme() + "://" + config.endpoint().getRawAuthority() + "/.default";
    var form = Form.builder().add("grant_type", "client_credentials").add("scope", scope).build();
    var credentials = new BasicCredentials(client, clientSecret).toHeader();
    var request = EgressRequest.post(endpoint, form).with("Authorization", credentials);
    if (!(calls.send(request) instanceof EgressResult.Answered answered)
        || answered.status() != 200) {
      return new Answer.Unavailable<>("no token for Microsoft Graph from " + endpoint);
    }
    try {
      var response = TokenResponse.parse(answered.json());
      var life = response.expiresIn().orElse(SHORTEST_LIFE).minus(MARGIN);
      held = Optional.of(new Held(response.accessToken(), now.plus(life)));
      return new Answer.Given<>(response.accessToken());
    } catch (MalformedException e) {
      return new Answer.Unavailable<>("no token for Microsoft Graph: " + e.getMessage());
    }
  }

  private static Answer<Set<String>> outage(String why) {
    return new Answer.Unavailable<>("Microsoft Graph " + why);
  }
}
