package dev.lanyard.server.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.gateway.GatewayConfig.Aggregated;
import dev.lanyard.server.gateway.front.Disclosure;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Connectors that cannot stand together are refused with both their names")
class GatewayConfigTest {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final Front DESK = front("desk", "/desk");

  private static Front front(String id, String path) {
    var metadata =
        new ProtectedResourceMetadata(
            new ResourceIndicator("https://gateway.example" + path),
            List.of(RAS),
            Scopes.NONE,
            Optional.of(id),
            List.of("ES256"),
            false);
    return new Front(
        id,
        metadata,
        Optional.of(new Front.Server.At(URI.create("https://server.example/"))),
        Front.Bounds.USUAL,
        Set.of(),
        Set.of(),
        Front.Handling.PLAIN);
  }

  private static GatewayConfig config(List<Front> fronts, Aggregated... aggregates) {
    return new GatewayConfig(
        RAS,
        fronts,
        List.of(aggregates),
        GatewayLimits.DEFAULT,
        Optional.empty(),
        Recording.STRICT);
  }

  @Test
  @DisplayName("Two connectors have one id, or one path")
  void connectors() {
    assertThatThrownBy(() -> config(List.of(DESK, front("desk", "/other"))))
        .hasMessageContaining("gateway.connectors: 'desk' has the id");
    assertThatThrownBy(() -> config(List.of(DESK, front("other", "/desk"))))
        .hasMessage(
            "gateway.connectors: 'other' has the path /desk, which gateway.connectors: 'desk' has");
  }

  @Test
  @DisplayName("RS-22: two servers have one secret for identities; one that is two connectors may")
  void identities() {
    var secret = "5e".repeat(32);
    var wiki = identified("wiki", "https://wiki.example/mcp", secret);
    var ledger = identified("ledger", "https://ledger.example/mcp", secret);
    assertThatThrownBy(() -> config(List.of(wiki, DESK, ledger)))
        .hasMessageContaining("'wiki' and 'ledger' have the same secret")
        .message()
        .doesNotContain(secret);
    assertThatCode(() ->
            config(
                List.of(
                    wiki,
                    identified("wiki-too", "https://wiki.example/mcp", secret),
                    identified("ledger", "https://ledger.example/mcp", "7a".repeat(32)))))
        .doesNotThrowAnyException();
  }

  private static Front identified(String id, String upstream, String secret) {
    var plain = front(id, "/" + id);
    return new Front(
        id,
        plain.metadata(),
        Optional.of(new Front.Server.At(URI.create(upstream))),
        plain.bounds(),
        Set.of(),
        Set.of(),
        new Front.Handling(false, Disclosure.NONE, Optional.of(new Secret(secret))));
  }

  @Test
  @DisplayName("An aggregate has the path of a connector")
  void aggregates() {
    var all = new Aggregated(front("all", "/desk"), List.of("desk"));
    assertThatThrownBy(() -> config(List.of(DESK), all))
        .hasMessage(
            "gateway.aggregates: 'all' has the path /desk, which gateway.connectors: 'desk' has");
  }

  @Test
  @DisplayName("An aggregate is of a connector that is not there")
  void missing() {
    var all = new Aggregated(front("all", "/all"), List.of("desk", "gone"));
    assertThatThrownBy(() -> config(List.of(DESK), all))
        .hasMessageContaining("gateway.aggregates: 'all'")
        .hasMessageContaining("'gone'")
        .hasMessageContaining("[desk]");
  }

  @Test
  @DisplayName("The names of one connector's tools could be those of another's")
  void prefixes() {
    assertThatThrownBy(() -> new Aggregated(DESK, List.of("a", "a__b")))
        .hasMessageContaining("'a__b' begins as 'a' does");
    assertThatThrownBy(() -> new Aggregated(DESK, List.of("a", "a")))
        .hasMessageContaining("'a' begins as 'a' does");
  }
}
