package dev.lanyard.client.ema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.client.Access;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.TestClock;
import dev.lanyard.client.TestWorld;
import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The example in the package's documentation")
class PackageExampleTest {
  @Test
  void is_right() throws Exception {
    try (var world = new TestWorld()) {
      var idp = world.idp;
      var ras = world.ras;
      var idpSecret = new Secret("idp-secret");
      var rasSecret = new Secret("ras-secret");
      var clock = new TestClock();
      var session = Session.of(world.idToken(clock.instant().plusSeconds(3600)), Optional.empty());
      var egress = world.egress();
      var random = new SecureRandom();
      var shown = new ArrayList<String>();

      var config =
          new EmaConfig(idp, ClientRegistration.withSecret("claude-code", idpSecret))
              .registeredAt(ras, ClientRegistration.withSecret("claude-code-ras", rasSecret));
      var ema = new EmaClient(config, SubjectTokens.of("ada", session), egress, clock, random);

      switch (ema.accessTo(world.mcp)) {
        case Access.Granted(var token) -> shown.add(token.authorization());
        case Access.Denied(var by, var denial) -> shown.add(by + " says no: " + denial.error());
        case Access.SignInNeeded needed -> shown.add("please sign in");
        case Access.Stopped(var why) -> shown.add("not safe: " + why);
        case Access.Unavailable(var why) -> shown.add("try later: " + why);
      }

      assertThat(shown).singleElement().asString().startsWith("Bearer at-");
    }
  }
}
