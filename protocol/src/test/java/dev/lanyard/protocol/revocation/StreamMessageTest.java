package dev.lanyard.protocol.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.revocation.Notice.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-13: what a revocation stream says")
class StreamMessageTest {
  private static final Instant THEN = Instant.parse("2026-11-23T09:00:00.250Z");
  private static final Notice NOTICE = notice(Kind.PERSON, THEN, 7);

  private static Notice notice(Kind kind, Instant before, long sequence) {
    return new Notice(kind, Notice.mark(kind, "alice"), before, THEN.plusSeconds(9), sequence);
  }

  private static StreamMessage read(StreamMessage message) throws MalformedException {
    return StreamMessage.parse(message.name(), message.toJson().toJson());
  }

  @Test
  void every_message_is_read_as_it_was_written() throws Exception {
    for (var message :
        List.of(
            new StreamMessage.Snapshot(7, true, false, List.of(NOTICE)),
            new StreamMessage.Snapshot(0, false, true, List.of()),
            new StreamMessage.Denied(8, List.of(NOTICE, notice(Kind.ALL, THEN, 8))),
            new StreamMessage.Heartbeat(8, false))) {
      assertThat(read(message)).isEqualTo(message);
    }
  }

  @Test
  @DisplayName("Only a whole snapshot has an id: who was cut in the middle of it begins again")
  void ids() {
    assertThat(new StreamMessage.Snapshot(7, true, false, List.of()).toEvent())
        .doesNotContain("id:");
    assertThat(new StreamMessage.Snapshot(7, true, true, List.of()).toEvent()).contains("id: 7\n");
  }

  @Test
  void a_mark_hides_the_value_and_differs_by_kind() {
    assertThat(NOTICE.toJson().toJson()).doesNotContain("alice");
    assertThat(Notice.mark(Kind.PERSON, "alice")).isNotEqualTo(Notice.mark(Kind.GRANT, "alice"));
    assertThat(Notice.mark(Kind.PERSON, "alice")).isNotEqualTo(Notice.mark(Kind.PERSON, "alicf"));
  }

  @ParameterizedTest
  @DisplayName("Every resource server out there compares these words and marks: neither may change")
  @CsvSource({
    "PERSON, person, p-7Rk2, wVCjdfZDKhEhpTbvArChBA",
    "SESSION, session, s-1, JXevvLQcGP2Gws-Zoh2s8A",
    "GRANT, grant, g-1, tjhD6pOBAkSUpVLQ3bwZfg",
    "TOKEN, token, t-1, gD8OQex2JeqXjrIiBR8Xgw",
    "CLIENT, client, https://idp.example desk, D1RzNEbe2_-RVH640wsTqA",
    "RESOURCE, connector, https://api.example/mcp, 2e-9pzpvFNhun9-fjP2Z8w",
    "IDENTITY_PROVIDER, issuer, https://idp.example, IOmCusU1O2-RrLCNmFA_TA",
    "ORGANISATION, organisation, o-1, YMbRYTebYHjYm_fX_f98_A",
    "ALL, all, *, iAv3_WKPzmJhIRkArirqkQ"
  })
  void words_and_marks(Kind kind, String word, String value, String mark) throws Exception {
    var written =
        "{\"kind\":\"%s\",\"mark\":\"%s\",\"before\":1,\"forget_after\":2,\"sequence\":3}"
            .formatted(word, mark);

    var notice = Notice.of(JsonObject.parse(written));

    assertThat(notice.kind()).isEqualTo(kind);
    assertThat(notice.toJson().toJson()).isEqualTo(written);
    assertThat(Notice.mark(kind, value)).isEqualTo(mark);
  }

  @Test
  void there_is_no_kind_without_a_word_above() {
    assertThat(Kind.values()).hasSize(9);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  @DisplayName("DPR-3: in whatever order notices arrive, the same one counts")
  void order(Kind kind) {
    var earlier = notice(kind, THEN, 1);
    var later = notice(kind, THEN.plusSeconds(5), 2);

    assertThat(earlier.newer(later)).isEqualTo(later);
    assertThat(later.newer(earlier)).isEqualTo(later);
  }

  @Test
  @DisplayName("What was stopped can be lifted; who was killed is never revived by a late notice")
  void lifting() {
    var stopped = notice(Kind.RESOURCE, Instant.parse("9999-12-31T23:59:59Z"), 1);
    var lifted = notice(Kind.RESOURCE, THEN, 2);
    assertThat(stopped.newer(lifted).kills(THEN.plusSeconds(5))).isFalse();
    assertThat(lifted.newer(stopped).kills(THEN.plusSeconds(5))).isFalse();

    var killed = notice(Kind.PERSON, THEN.plusSeconds(5), 1);
    assertThat(killed.newer(notice(Kind.PERSON, THEN, 2)).kills(THEN.plusSeconds(4))).isTrue();
  }

  @Test
  @DisplayName("A token of the very second of a denial is dead, one of the next second lives")
  void whole_seconds() {
    assertThat(NOTICE.kills(Instant.parse("2026-11-23T08:59:59Z"))).isTrue();
    assertThat(NOTICE.kills(Instant.parse("2026-11-23T09:00:00Z"))).isTrue();
    assertThat(NOTICE.kills(Instant.parse("2026-11-23T09:00:01Z"))).isFalse();
    assertThat(notice(Kind.GRANT, THEN, 1).kills(Instant.parse("2030-01-01T00:00:00Z"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"sequence\":-1}",
        "{\"sequence\":\"7\"}",
        "{\"sequence\":1,\"sequence\":2}",
        "{\"sequence\":1,\"denials\":{}}",
        "{\"sequence\":1,\"denials\":[{\"kind\":\"person\"}]}",
        "{\"sequence\":1,\"denials\":[{\"kind\":\"planet\",\"mark\":\"aaaaaaaaaaaaaaaaaaaaaa\","
            + "\"before\":1,\"forget_after\":1,\"sequence\":1}]}",
        "{\"sequence\":1,\"denials\":[{\"kind\":\"person\",\"mark\":\"alice\","
            + "\"before\":1,\"forget_after\":1,\"sequence\":1}]}"
      })
  void everything_else_is_refused(String data) {
    assertThatThrownBy(() -> StreamMessage.parse("denied", data))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> StreamMessage.parse("unknown", "{\"sequence\":1}"))
        .isInstanceOf(MalformedException.class);
  }
}
