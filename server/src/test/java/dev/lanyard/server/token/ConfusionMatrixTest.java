package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-3: no kind of token passes for another, at any endpoint of either server")
class ConfusionMatrixTest {
  @TempDir Path folder;

  @Test
  void only_the_diagonal_passes() throws IOException {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var tokens = tokens(pair, desk);
      var places = places(pair, desk);
      var taking = new HashSet<String>();
      var table = new StringBuilder("| token \\ presented at |");
      places.keySet().forEach(place -> table.append(' ').append(place).append(" |"));
      table.append("\n|---|").append("---|".repeat(places.size())).append('\n');
      tokens.forEach((kind, fresh) -> {
        table.append("| ").append(kind.name).append(" |");
        places.forEach((place, present) -> {
          boolean passed = present.apply(fresh.get());
          table.append(passed ? " **accepted** |" : " refused |");
          assertThat(passed)
              .as("%s at %s", kind.name, place)
              .isEqualTo(kind.places.contains(place));
          if (passed) {
            taking.add(place);
          }
        });
        table.append('\n');
      });
      assertThat(taking)
          .as(
              "a place that takes nothing refuses for a reason that says nothing; no SAML provider is here")
          .containsExactlyInAnyOrderElementsOf(without(places.keySet(), "subject saml2"));
      Files.createDirectories(Path.of("target"));
      Files.writeString(Path.of("target/confusion-matrix.md"), table);
    }
  }

  private static Set<String> without(Set<String> places, String place) {
    var others = new HashSet<>(places);
    others.remove(place);
    return others;
  }

  /// @param places the only places where it may pass
  private record Kind(String name, Set<String> places) {
    Kind(String name, String... places) {
      this(name, Set.of(places));
    }
  }

  private static Map<Kind, Supplier<String>> tokens(Pair pair, Desk desk) {
    var session = desk.signedIn("alice", "openid offline_access");
    var idToken = session.text("id_token");
    var tokens = new LinkedHashMap<Kind, Supplier<String>>();
    tokens.put(new Kind("ID Token", "subject id_token"), () -> idToken);
    tokens.put(
        new Kind("refresh token", "subject refresh_token", "refresh"),
        () -> desk.signedIn("alice", "openid offline_access").text("refresh_token"));
    tokens.put(new Kind("authorization code", "code"), () -> desk.code("alice", "openid"));
    tokens.put(
        new Kind("access token of the broker", "userinfo"), () -> session.text("access_token"));
    tokens.put(
        new Kind("ID-JAG", "redemption"),
        () -> desk.exchange(idToken, World.LINEAR).text("access_token"));
    tokens.put(
        new Kind("access token of the RAS", "introspection"),
        () -> desk.accessToken("alice", World.LINEAR));
    tokens.put(
        new Kind("DPoP proof", "DPoP header"),
        () ->
            new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom())
                .proof("POST", pair.brokerUrl("/token"), Optional.empty()));
    var client = Signer.atBroker(pair);
    tokens.put(new Kind("client assertion", "client assertion"), client::assertion);
    for (var type : new String[] {IdJag.TYPE, "at+jwt", "dpop+jwt", "secevent+jwt"}) {
      tokens.put(
          new Kind("client assertion as " + type),
          () -> new JwtSigner(client.key(), type).sign(client.claims().build()));
    }
    for (var type :
        new String[] {
          "client-authentication+jwt",
          "secevent+jwt",
          "logout+jwt",
          "statuslist+jwt",
          "global-token-revocation+jwt"
        }) {
      tokens.put(new Kind("ID-JAG as " + type), () -> mistyped(pair, type));
    }
    return tokens;
  }

  /// The claims of a good ID-JAG and the right key, under another type.
  private static String mistyped(Pair pair, String type) {
    long now = pair.clock.instant().getEpochSecond();
    var claims =
        JsonObject.builder()
            .put("iss", pair.broker().value())
            .put("sub", pair.person("alice").id().value())
            .put("aud", pair.ras().value())
            .put("client_id", "desk-ras")
            .put("jti", "jti-" + new SecureRandom().nextLong())
            .put("iat", now)
            .put("exp", now + 300)
            .put("sid", "s")
            .put("resource", World.LINEAR.value())
            .put("scope", "issues.read")
            .build();
    return new JwtSigner(pair.brokerKeys.active(Purpose.ID_JAG), type).sign(claims);
  }

  private static Map<String, Function<String, Boolean>> places(Pair pair, Desk desk) {
    var idToken = desk.idToken("alice");
    var places = new LinkedHashMap<String, Function<String, Boolean>>();
    for (var type : new String[] {"id_token", "refresh_token", "saml2"}) {
      places.put(
          "subject " + type,
          token -> exchanged(desk, token, "urn:ietf:params:oauth:token-type:" + type));
    }
    places.put("refresh", token -> isOk(desk.token(refresh(token))));
    places.put("redemption", token -> isOk(desk.redeem(token)));
    places.put("code", token -> isOk(desk.token(desk.codeRequest(token).build())));
    places.put(
        "introspection",
        token -> !desk.introspect(token, "linear-server").body().equals("{\"active\":false}"));
    places.put(
        "userinfo",
        token ->
            isOk(
                Http.get(pair.brokerUrl("/userinfo"), Map.of("Authorization", "Bearer " + token))));
    places.put("client assertion", token -> authenticates(pair, token));
    places.put("DPoP header", token -> proves(pair, desk, idToken, token));
    return places;
  }

  private static boolean isOk(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isLessThan(500);
    return answer.status() == 200;
  }

  private static Form refresh(String token) {
    return Form.builder().add("grant_type", "refresh_token").add("refresh_token", token).build();
  }

  private static boolean exchanged(Desk desk, String token, String type) {
    var form =
        Form.builder()
            .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
            .add("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag");
    var good = desk.exchangeRequest("", World.LINEAR).build();
    form.add("audience", good.one("audience").orElseThrow())
        .add("resource", World.LINEAR.value())
        .add("subject_token", token)
        .add("subject_token_type", type);
    return isOk(desk.token(form.build()));
  }

  private static boolean authenticates(Pair pair, String token) {
    var form = Signer.authenticated(refresh("x"), token);
    var answer = Http.post(pair.brokerUrl("/token"), form, Map.of());
    return !answer.text("error").equals("invalid_client")
        && !answer.text("error").equals("invalid_request");
  }

  private static boolean proves(Pair pair, Desk desk, String idToken, String token) {
    var headers = new HashMap<>(Desk.basic("desk"));
    headers.put("DPoP", token);
    return isOk(
        Http.post(
            pair.brokerUrl("/token"),
            desk.exchangeRequest(idToken, World.LINEAR).build(),
            headers));
  }
}
