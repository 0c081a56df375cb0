package dev.lanyard.server.saml;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.TestClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

/// What no input may do: make a reader of SAML throw, hang, or believe what no key of the provider
/// has signed. An ordinary build takes the recorded inputs only; `CONTRIBUTING.md` says how to
/// search for new ones.
@Tag("thorough")
@DisplayName("SEC-12: fuzzing of what strangers send as SAML")
class SamlFuzzTest {
  private static final String SELF = "https://broker.example/saml/idp/metadata";
  private static final String ACS = "https://broker.example/saml/idp/acs";

  private final SamlProvider provider =
      new SamlProvider(
          new SamlConfig(
              Idp.ENTITY_ID, new SamlConfig.Source.Fixed(Idp.RSA.description()), Signed.EITHER),
          new ServiceProvider(SELF, URI.create(ACS), URI.create(ACS), "any", Optional.empty()),
          new EgressClient(EgressPolicy.strict()),
          ClockSkew.DEFAULT,
          new TestClock());

  @FuzzTest(maxDuration = "60s")
  void response(byte[] input) {
    var message = Base64.getEncoder().encodeToString(input);

    assertThat(provider.judgeResponse(message, "_request")).isInstanceOf(SamlVerdict.Refusal.class);
  }

  @FuzzTest(maxDuration = "60s")
  void assertion(byte[] input) {
    var message = Base64.getUrlEncoder().encodeToString(input);

    assertThat(SamlProvider.unverifiedIssuer(message)).isNotNull();
    assertThat(provider.judgeAssertion(message, Map.of(SELF, Set.of(ACS))))
        .isInstanceOf(SamlVerdict.Refusal.class);
  }

  @FuzzTest(maxDuration = "60s")
  void logout(byte[] input) {
    var message = Base64.getEncoder().encodeToString(input);

    assertThat(provider.judgePostedLogout(message)).isInstanceOf(LogoutVerdict.Rejected.class);
    assertThat(provider.judgeRedirectedLogout(new String(input, StandardCharsets.ISO_8859_1)))
        .isInstanceOf(LogoutVerdict.Rejected.class);
  }

  @FuzzTest(maxDuration = "60s")
  void metadata(byte[] input) {
    try {
      assertThat(ProviderDescription.parse(input, Idp.ENTITY_ID).certificates()).isNotEmpty();
    } catch (MalformedException e) {
      // Refused, which is as good.
    }
  }
}
