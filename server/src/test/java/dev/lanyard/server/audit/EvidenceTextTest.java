package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("AUD-4: evidence is recorded without tokens, and never larger than can be read again")
class EvidenceTextTest {
  private static final Pattern TOKEN =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]*){0,2}");

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void a_token_is_found_wherever_it_stands() {
    var words = List.of("eyJ", "eyJhbGciOiJ", ".", "..", "a", "_-9", " ", "\"", "eyJabcde", "=");
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int left = random.nextInt(14); left > 0; left--) {
        text.append(words.get(random.nextInt(words.size())));
      }
      assertThat(EvidenceText.withoutTokens(text.toString()))
          .as(text.toString())
          .isEqualTo(TOKEN.matcher(text).replaceAll("[token removed]"));
    }
  }

  @Test
  void texts_made_to_keep_the_search_busy_do_not() {
    Assertions.assertTimeoutPreemptively(
        LONG,
        () -> {
          for (var part : List.of("eyJ", "eyJabcdefgh.", "eyJabcdefgh. ")) {
            var text = part.repeat(300_000);
            assertThat(EvidenceText.withoutTokens(text)).isNotNull();
          }
        });
  }

  @Test
  void an_address_is_found_wherever_it_stands() {
    var address = Pattern.compile("[^\\s\"@:/]+@[^\\s\"@:/]+\\.[^\\s\"@]+");
    var random = new Random(7);
    var letters = "aB@@..:/ \"\n\u000b";
    for (int i = 0; i < 50_000; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(PersonalData.hasAddress(text.toString()))
          .as(text.toString())
          .isEqualTo(address.matcher(text).find());
    }
  }

  @Test
  void many_letters_and_at_signs_are_cheap_to_look_through() {
    Assertions.assertTimeoutPreemptively(
        LONG,
        () -> {
          for (var text :
              List.of("a".repeat(400_000) + "@", "a@".repeat(200_000), "@a".repeat(200_000))) {
            assertThat(PersonalData.hasAddress(text)).isFalse();
          }
        });
  }

  @Test
  @DisplayName("what is too large keeps what is small, and says how large it was")
  void shortened() throws Exception {
    var large =
        JsonObject.builder()
            .put("check", "audience")
            .put("links", Collections.nCopies(200_000, "ws:/a"))
            .put("said", "x".repeat(2_000_000))
            .put("count", 7)
            .build();
    var text = EvidenceText.of(large);
    assertThat(text.length()).isLessThan(10_000);
    var kept = JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8));
    assertThat(kept.string("check")).contains("audience");
    assertThat(kept.integer("count")).contains(7L);
    assertThat(kept.string("said").orElseThrow()).hasSize(257);
    var said = kept.object("shortened").orElseThrow();
    assertThat(said.strings("members").orElseThrow()).containsExactly("links", "said");
    assertThat(said.integer("characters")).contains((long) large.toJson().length());
  }

  @Test
  void of_very_many_small_members_the_first_are_kept() throws Exception {
    var many = JsonObject.builder();
    for (int i = 0; i < 100_000; i++) {
      many.put("member-" + i, "\u0000\u0000");
    }
    var text = EvidenceText.of(many.build());
    assertThat(text.length()).isBetween(EvidenceText.MOST / 2, EvidenceText.MOST);
    var kept = JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8));
    assertThat(kept.has("member-0")).isTrue();
    assertThat(kept.object("shortened").orElseThrow().strings("members").orElseThrow()).hasSize(10);
  }

  @Test
  void a_token_that_is_cut_leaves_nothing_of_itself() {
    var token = "eyJhbGciOiJSUzI1NiJ9." + "e".repeat(2_000) + ".c2ln";
    var large =
        JsonObject.builder()
            .put("said", "Bearer " + token)
            .put("links", Collections.nCopies(200_000, "ws:/a"))
            .build();
    assertThat(EvidenceText.of(large)).contains("Bearer [token removed]").doesNotContain("eyJ");
  }

  @Test
  void nothing_is_concluded_from_what_is_not_whole() {
    var event =
        AuditEvent.of(
            "token.exchange",
            Outcome.SUCCESS,
            java.time.Instant.EPOCH,
            "c",
            JsonObject.builder().put("connectors", List.of("a")).build());
    assertThat(ExchangeRecord.of(event)).isInstanceOf(ExchangeRecord.Issued.class);
    var less = new AuditRecord(1, event).shortened(32 * 1024);
    assertThat(less.isReadable()).isTrue();
    assertThat(ExchangeRecord.of(less.event())).isInstanceOf(ExchangeRecord.Unreadable.class);
  }
}
