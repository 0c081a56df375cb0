package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How we prove at a transmitter's API who we are: with the token that was agreed on, or with
/// access tokens that we get there as an OAuth client (SSF-16). A token is kept in memory until
/// shortly before it ends, and given up as soon as it is refused. Thread-safe.
final class StreamAccess {
  private static final Logger LOG = LoggerFactory.getLogger(StreamAccess.class);

  /// Of a token whose life the server does not tell.
  private static final Duration ASSUMED_LIFE = Duration.ofMinutes(1);

  /// So long before its end a token is not used any more: the request has to arrive.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final String source;
  private final Subscription.Access access;
  private final EgressClient egress;
  private final InstantSource clock;
  private final AtomicReference<Optional<Held>> held = new AtomicReference<>(Optional.empty());

  /// @param source whose API it is, for the log
  StreamAccess(
      String source, Subscription.Access access, EgressClient egress, InstantSource clock) {
    this.source = source;
    this.access = access;
    this.egress = egress;
    this.clock = clock;
  }

  private record Held(Secret token, Instant until) {}

  /// The token to send now; may block while one is fetched. Empty if none can be had.
  Optional<Secret> token() {
    return switch (access) {
      case Subscription.Token(var agreed) -> Optional.of(agreed);
      case Subscription.Client client -> {
        var now = clock.instant();
        yield held.get()
            .filter(one -> now.isBefore(one.until()))
            .or(() -> fetched(client, now))
            .map(Held::token);
      }
    };
  }

  /// That a token was answered with 401.
  ///
  /// @return whether it is worth trying again, with another one
  boolean isRenewableAfter(Secret refused) {
    held.updateAndGet(now -> now.filter(one -> !one.token().equals(refused)));
    return access instanceof Subscription.Client;
  }

  private Optional<Held> fetched(Subscription.Client client, Instant now) {
    var form =
        Form.builder()
            .add("grant_type", GrantType.CLIENT_CREDENTIALS.value())
            .add("scope", client.scopes().toString())
            .build();
    var proof = new BasicCredentials(client.id(), client.secret()).toHeader();
    var result =
        egress.send(EgressRequest.post(client.tokenEndpoint(), form).with("Authorization", proof));
    try {
      if (result instanceof EgressResult.Answered answer && answer.status() == 200) {
        var response = TokenResponse.parse(answer.json());
        var life = response.expiresIn().orElse(ASSUMED_LIFE).minus(MARGIN);
        var got = Optional.of(new Held(response.accessToken(), now.plus(life)));
        held.set(got);
        return got;
      }
      LOG.warn("{} gives no access token for its API: {}", source, result);
    } catch (MalformedException e) {
      LOG.warn("{} gives an access token that cannot be read: {}", source, e.getMessage());
    }
    return Optional.empty();
  }
}
