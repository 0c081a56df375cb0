package dev.lanyard.server.gateway.front;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.sessions.OpaqueToken;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tells the server behind a connector who calls, in a header that it verifies with a secret which
/// it shares with the gateway (RS-22): a JWT with HS256 that lives for a minute. It stands beside
/// the credentials of the gateway and is no token of anybody's: whoever has it can ask for nothing.
///
/// Nobody else can set that header, because nothing of what a caller sends is passed on as it.
///
/// @param front whose server it is
/// @param others the credentials beside which it stands
public record SignedIdentity(
    Front front, UpstreamCredentials others, Secret secret, InstantSource clock)
    implements UpstreamCredentials {
  static final String HEADER = "Lanyard-Identity";

  /// A minute is enough for every clock that is not wrong.
  private static final Duration LIFE = Duration.ofMinutes(1);

  private static final String HEAD =
      encoded(
          "{\"alg\":\"HS256\",\"typ\":\"lanyard-identity+jwt\"}".getBytes(StandardCharsets.UTF_8));

  @Override
  public Presented of(String connector, Caller caller, Bearing bearing) {
    return switch (others.of(connector, caller, bearing)) {
      case Presented.With(var headers, var grant) -> {
        var all = new ArrayList<>(headers);
        all.add(new Header(HEADER, signed(secret, claims(caller))));
        yield new Presented.With(all, grant);
      }
      case Presented other -> other;
    };
  }

  @Override
  public void refused(String connector, Caller caller, Bearing bearing) {
    others.refused(connector, caller, bearing);
  }

  @Override
  public void onEnd(Consumer<Set<String>> listener) {
    others.onEnd(listener);
  }

  @Override
  public boolean hasEnded(String grant) {
    return others.hasEnded(grant);
  }

  /// Says that the gateway asks for itself, and for nobody: `sub` is its own address there.
  static Header ofTheGateway(Front front, Secret secret, InstantSource clock) {
    var own = common(front, clock).put("sub", front.metadata().resource().value()).build();
    return new Header(HEADER, signed(secret, own));
  }

  private static Secret signed(Secret secret, JsonObject claims) {
    var text = HEAD + "." + encoded(claims.toBytes());
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return new Secret(
          text + "." + encoded(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII))));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java runtime has HMAC with SHA-256", e);
    }
  }

  private JsonObject claims(Caller caller) {
    var claims =
        common(front, clock)
            .put("sub", caller.subject())
            .put("client_id", caller.client().value())
            .put("scope", caller.scopes().toString())
            .putIfPresent("txn", caller.transaction());
    caller.person().ifPresent(person -> name(person, claims));
    return claims.build();
  }

  /// Whoever finds people by their address has to know whether anybody has verified it.
  private static void name(Person person, JsonObject.Builder claims) {
    claims.put("preferred_username", person.userName());
    person
        .email()
        .ifPresent(
            address -> claims.put("email", address).put("email_verified", person.emailVerified()));
  }

  /// The audience is that server: what one is told another does not believe.
  private static JsonObject.Builder common(Front front, InstantSource clock) {
    var now = clock.instant();
    return JsonObject.builder()
        .put("iss", front.metadata().resource().value())
        .put("aud", front.serverName().toString())
        .put("iat", now.getEpochSecond())
        .put("exp", now.plus(LIFE).getEpochSecond())
        .put("jti", OpaqueToken.identifier());
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
