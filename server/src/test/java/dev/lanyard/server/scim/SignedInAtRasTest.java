package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.FlowConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "A provider that signs people in at the resource authorization server keeps them here by SCIM")
class SignedInAtRasTest {
  private static final String SCOPE = "issues.read offline_access";

  @Test
  @DisplayName("DPR-1: who is deactivated there loses the session and all that came of it at once")
  void deactivated(@TempDir Path folder) {
    var setup = Setup.usual(folder);
    try (var partner = dev.lanyard.server.pair.Provider.start(setup.clock())) {
      var ways =
          new SignInWays(
              Optional.empty(),
              List.of(new SignInWays.Provider(partner.upstream("partner"), "partners")),
              List.of(),
              HomeRealms.NONE);
      try (var pair = Pair.start(setup.lettingConsent().ordinary(new FlowConfig(ways)), folder)) {
        partner.says(JsonObject.EMPTY);
        var visit = Visit.studio(pair);
        var code = visit.decide(signedIn(visit), "allow").parameter("code");
        var tokens = visit.token(visit.codeRequest(code).build());
        assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isTrue();

        var provider = new Provider(pair, "at-ras-partner");
        var id = takenOver(provider, "zoe-upstream");
        assertThat(visit.isActive(tokens.text("access_token"), "linear-server"))
            .as("of somebody whom the provider says to be active")
            .isTrue();
        var off = "{\"op\": \"replace\", \"path\": \"active\", \"value\": false}";
        assertThat(provider.patch("/Users/" + id, off).status()).isEqualTo(200);

        assertThat(visit.isActive(tokens.text("access_token"), "linear-server")).isFalse();
        var renewal = Visit.refresh(tokens.text("refresh_token")).build();
        assertThat(visit.token(renewal).text("error")).isEqualTo("invalid_grant");
        assertThat(asked(visit).location().toString())
            .as("the session in the browser has ended")
            .startsWith(pair.rasUrl("/login/partner").toString());
        assertThat(signedIn(visit.inAnotherBrowser()).status()).isEqualTo(403);
      }
    }
  }

  /// Whoever signed in before with this subject.
  private static String takenOver(Provider provider, String subject) {
    var user =
        """
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "zoe",
         "externalId": "%s", "active": true}
        """
            .formatted(subject);
    var reply = provider.post("/Users", user);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.id();
  }

  /// What the browser is shown after the sign-in at the provider.
  private static Answer signedIn(Visit visit) {
    var away = visit.browse(asked(visit).location()).location();
    return visit.browse(Http.get(away, Map.of()).location());
  }

  private static Answer asked(Visit visit) {
    return visit.authorize(visit.authorization(World.LINEAR, SCOPE).build());
  }
}
