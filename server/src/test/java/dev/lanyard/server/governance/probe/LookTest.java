package dev.lanyard.server.governance.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.TestClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A look at a connector from outside: what it publishes, or unknown with the reason")
class LookTest {
  private static final EgressPolicy LOOPBACK = EgressPolicy.strict().exposingLoopback();

  private final TestClock clock = new TestClock();
  private final List<Duration> pauses = new ArrayList<>();
  private final Map<URI, Documents.Kept> kept = new HashMap<>();
  private final Vendor vendor = Vendor.live();

  @AfterEach
  void stop() {
    vendor.close();
  }

  private final class InMemory implements Documents {
    @Override
    public Optional<Kept> find(URI place) {
      return Optional.ofNullable(kept.get(place));
    }

    @Override
    public void keep(URI place, Kept document, Instant at) {
      kept.put(place, document);
    }
  }

  private Visit visit(EgressPolicy policy) {
    return new Visit(
        new EgressClient(policy).limitedTo(Duration.ofMinutes(1), 256 * 1024),
        new InMemory(),
        pause -> {
          pauses.add(pause);
          clock.advance(pause);
        },
        clock);
  }

  private Finding look() {
    return look(visit(LOOPBACK));
  }

  private Finding look(Visit visit) {
    return new Look(visit, vendor.address()).finding();
  }

  private Published seen() {
    var finding = look();
    assertThat(finding).isInstanceOf(Finding.Seen.class);
    return ((Finding.Seen) finding).published();
  }

  private void assertUnknown(String... reasons) {
    var finding = look();
    assertThat(finding.bucket()).as(finding.text()).isEmpty();
    assertThat(finding.text()).contains(reasons);
  }

  @Nested
  @DisplayName("Servers as they are")
  class Real {
    @Test
    @DisplayName("One that takes ID-JAGs, with everything that its metadata says")
    void live() {
      assertThat(look().bucket()).contains(Bucket.LIVE);
      assertThat(seen())
          .isEqualTo(
              new Published(
                  "401 with metadata",
                  true,
                  List.of(vendor.at("/as")),
                  true,
                  true,
                  true,
                  true,
                  List.of("none", "private_key_jwt"),
                  true,
                  true,
                  true));
      assertThat(vendor.asked().getFirst().method()).isEqualTo("POST");
      assertThat(vendor.asked())
          .allSatisfy(one ->
              assertThat(one.agent())
                  .isEqualTo("lanyard-probe (reads public metadata of MCP servers)"));
    }

    @Test
    @DisplayName("One that has people consent: tracking")
    void legacy() {
      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      assertThat(look().bucket()).contains(Bucket.TRACKING);
      assertThat(seen().authorizationCode()).isTrue();
      assertThat(seen().jwtBearer()).isFalse();
    }

    @Test
    @DisplayName("One from before RFC 9728: the authorization server's metadata at its root")
    void before_resource_metadata() {
      vendor.answers(Vendor.MCP, 401, Map.of("WWW-Authenticate", "Bearer"), "");
      vendor.answers(Vendor.RESOURCE_METADATA, 404, Map.of(), "");
      vendor.publishes(
          "/.well-known/oauth-authorization-server",
          vendor.server(false).with(JsonObject.builder().put("issuer", vendor.at("")).build()));
      assertThat(seen().resourceMetadata()).isFalse();
      assertThat(seen().challenge()).isEqualTo("401");
    }

    @Test
    @DisplayName("Two authorization servers, of which one takes ID-JAGs")
    void one_of_two() {
      vendor.publishes(
          Vendor.RESOURCE_METADATA, vendor.resource(vendor.at("/gone"), vendor.at("/as")));
      assertThat(look().bucket()).contains(Bucket.LIVE);
    }

    @Test
    @DisplayName("Our own resource authorization server, over its real listener")
    void ours(@TempDir Path folder) {
      try (var pair = Pair.start(Setup.usual(folder), folder)) {
        vendor.publishes(Vendor.RESOURCE_METADATA, vendor.resource(pair.ras().value()));
        assertThat(look().bucket()).contains(Bucket.LIVE);
        assertThat(seen().jwtBearer()).isTrue();
        assertThat(seen().revocation()).isTrue();
      }
    }
  }

  @Nested
  @DisplayName("Answers that say nothing: unknown, with the reason")
  class Unknown {
    @Test
    void nothing_is_published() {
      vendor.answers(Vendor.RESOURCE_METADATA, 404, Map.of(), "");
      assertUnknown("neither it nor its root publishes metadata");
    }

    @Test
    void a_page_in_place_of_metadata() {
      vendor.answers(Vendor.RESOURCE_METADATA, 200, Map.of(), "<html>Welcome</html>");
      assertUnknown(Vendor.RESOURCE_METADATA, "no JSON object");
    }

    @Test
    void metadata_of_another_host() {
      vendor.publishes(
          Vendor.RESOURCE_METADATA,
          vendor
              .resource(vendor.at("/as"))
              .with(JsonObject.builder().put("resource", "https://other.example/mcp").build()));
      assertUnknown("describes other.example, which is another host");
    }

    @Test
    void metadata_of_another_issuer() {
      vendor.publishes(
          Vendor.SERVER_METADATA,
          vendor
              .server(true)
              .with(JsonObject.builder().put("issuer", "https://o.example").build()));
      assertUnknown("is not the metadata of " + vendor.at("/as"));
    }

    @Test
    void one_of_two_servers_gives_no_answer_and_the_other_takes_none() {
      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      vendor.publishes(
          Vendor.RESOURCE_METADATA, vendor.resource(vendor.at("/as"), "http://127.0.0.1:1/as"));
      assertUnknown("127.0.0.1:1");
    }

    @Test
    void more_servers_than_are_asked_and_the_first_take_none() {
      vendor.publishes(Vendor.SERVER_METADATA, vendor.server(false));
      var as = vendor.at("/as");
      vendor.publishes(Vendor.RESOURCE_METADATA, vendor.resource(as, as, as));
      assertThat(look().bucket()).contains(Bucket.TRACKING);

      vendor.publishes(
          Vendor.RESOURCE_METADATA, vendor.resource(as, as, as, vendor.at("/takes-them")));

      assertUnknown("4 authorization servers", "the others were not asked");
    }

    @Test
    void an_answer_without_end() {
      vendor.answers(Vendor.RESOURCE_METADATA, 200, Map.of(), " ".repeat(300 * 1024));
      assertThat(look().bucket()).isEmpty();
    }

    @Test
    void a_challenge_that_cannot_be_read_is_passed_over() {
      vendor.answers(Vendor.MCP, 401, Map.of("WWW-Authenticate", "Bearer =\"\"=,"), "");
      assertThat(seen().challenge()).isEqualTo("401, with a challenge that cannot be read");
    }
  }

  @Nested
  @DisplayName("SEC-6: it cannot be steered inside")
  class Steered {
    @Test
    @DisplayName("A redirect is not followed, and only its host is told")
    void redirect() {
      vendor.answers(
          Vendor.RESOURCE_METADATA,
          302,
          Map.of("Location", "http://169.254.169.254/latest/meta-data/secret"),
          "");
      assertUnknown("302 towards 169.254.169.254, which is not followed");
      assertThat(look().text()).doesNotContain("meta-data");
    }

    @Test
    @DisplayName("A redirect to itself is one request")
    void loop() {
      vendor.answers(
          Vendor.RESOURCE_METADATA,
          307,
          Map.of("Location", vendor.at(Vendor.RESOURCE_METADATA)),
          "");
      assertUnknown("307 towards 127.0.0.1");
      assertThat(vendor.asked().stream().filter(one -> one.path().equals(Vendor.RESOURCE_METADATA)))
          .hasSize(1);
    }

    @Test
    @DisplayName("Addresses inside, in the challenge or as authorization server")
    void addresses_inside() {
      vendor.answers(
          Vendor.MCP,
          401,
          Map.of("WWW-Authenticate", "Bearer resource_metadata=\"https://10.0.0.1/admin\""),
          "");
      vendor.answers(Vendor.RESOURCE_METADATA, 404, Map.of(), "");
      assertUnknown("10.0.0.1/admin it may not be asked from here");

      vendor.publishes(Vendor.RESOURCE_METADATA, vendor.resource("https://192.168.0.1"));
      assertUnknown("192.168.0.1", "may not be asked from here");
    }

    @Test
    @DisplayName("A connector inside the network, where 'outbound' does not allow it")
    void connector_inside() {
      var finding = look(visit(EgressPolicy.strict()));
      assertThat(finding.text()).contains("unknown: it may not be asked from here");
      assertThat(vendor.asked()).isEmpty();
    }

    @Test
    void a_host_that_is_not_there() {
      var nowhere = new Look(visit(LOOPBACK), new ResourceIndicator("http://127.0.0.1:1/mcp"));
      assertThat(nowhere.finding().text()).contains("unknown: it gives no answer");
    }
  }

  @Nested
  @DisplayName("It is polite")
  class Polite {
    @Test
    @DisplayName("A second between two requests to one host")
    void pauses() {
      assertThat(look().bucket()).contains(Bucket.LIVE);
      assertThat(vendor.asked()).hasSize(3);
      assertThat(pauses).containsExactly(Visit.PAUSE, Visit.PAUSE);
    }

    @Test
    @DisplayName("A document that has a tag is not sent again, and counts as it was")
    void tags() {
      vendor.answers(
          Vendor.SERVER_METADATA, 200, Map.of("ETag", "\"a1\""), vendor.server(true).toJson());
      var first = look();
      assertThat(look()).isEqualTo(first);
      assertThat(vendor.asked())
          .filteredOn(one -> one.path().equals(Vendor.SERVER_METADATA))
          .extracting(Vendor.Asked::tag)
          .containsExactly("", "\"a1\"");
    }

    @Test
    @DisplayName(
        "Whoever asks for patience gets it: nothing more in this look, and a time to come back")
    void patience() {
      vendor.answers(Vendor.MCP, 429, Map.of("Retry-After", "7200"), "");
      var visit = visit(LOOPBACK);
      assertThat(look(visit).text()).contains("has asked for patience until 2026-11-23T11:00");
      assertThat(visit.comeBack()).contains(clock.instant().plusSeconds(7200));
      visit.begin();
      assertThat(look(visit).text())
          .as("another connector there")
          .contains("until 2026-11-23T11:00");
      assertThat(visit.comeBack()).contains(clock.instant().plusSeconds(7200));
      assertThat(vendor.asked()).hasSize(1);
    }

    @Test
    @DisplayName("Connectors of one authorization server ask for its metadata once in a visit")
    void once_in_a_visit() {
      var visit = visit(LOOPBACK);
      assertThat(look(visit)).isEqualTo(look(visit));
      assertThat(vendor.asked())
          .filteredOn(one -> one.path().equals(Vendor.SERVER_METADATA))
          .hasSize(1);
    }
  }
}
