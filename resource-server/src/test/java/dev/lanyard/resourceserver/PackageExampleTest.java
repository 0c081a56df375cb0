package dev.lanyard.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.status.Introspection;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The example in the package's documentation")
class PackageExampleTest {
  @Test
  void is_right() {
    var clock = new TestClock();
    var egress = new EgressClient(EgressPolicy.strict());
    var credentials = new BasicCredentials(new ClientId("mcp"), new Secret("secret"));
    var introspectionEndpoint = URI.create("https://ras.example/introspect");
    var request =
        new GuardedRequest(
            "POST", URI.create("https://mcp.example/mcp"), Optional.empty(), List.of(), List.of());

    var ras = new Issuer("https://ras.example");
    var resource = new ResourceIndicator("https://mcp.example/mcp");
    var metadata = new ProtectedResourceMetadata(resource, ras, Scopes.of("issues.read"));
    var keys = new IssuerDiscovery(egress, ras, Refresh.DEFAULT, clock).keys();
    var issuers = TrustedIssuers.of(new TrustedIssuer(ras, keys, Set.of(SigningAlgorithm.ES256)));
    var status =
        new Introspection(introspectionEndpoint, credentials, Introspection.http(List.of()));
    var guard = new Guard(metadata, issuers, status, new MemoryDpopReplay(clock), clock);

    var verdict = guard.judge(request, Requirement.scopes("issues.read"));

    assertThat(verdict).isEqualTo(new Verdict.Refused(new Refusal.NoToken()));
  }
}
