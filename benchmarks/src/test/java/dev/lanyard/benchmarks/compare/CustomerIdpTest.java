package dev.lanyard.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.idjag.EnrolledIssuer;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idjag.Limits;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CustomerIdpTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
  private static final String RAS = "https://ras.example";

  @Test
  void signs_id_jags_that_are_accepted_by_the_keys_it_publishes()
      throws IOException, MalformedException {
    try (var issuer = new CustomerIdp(CLOCK)) {
      var validator =
          new IdJagValidator(
              new Issuer(RAS), name -> Optional.of(enrolled(name)), Limits.DEFAULT, CLOCK);
      var idJag = issuer.idJag(RAS, "agent", "https://mcp.example/mcp", "read");
      assertThat(validator.judge(idJag, new ClientId("agent")))
          .isInstanceOf(IdJagVerdict.Accepted.class);
    }
  }

  private static EnrolledIssuer enrolled(Issuer name) {
    try (var keys = URI.create(name + "/jwks").toURL().openStream()) {
      var published = PublicKeySet.parse(JsonObject.parse(keys.readAllBytes()));
      return EnrolledIssuer.singleTenant(
          new TrustedIssuer(name, published, Set.of(SigningAlgorithm.ES256)));
    } catch (IOException | MalformedException e) {
      throw new IllegalStateException(e);
    }
  }
}
