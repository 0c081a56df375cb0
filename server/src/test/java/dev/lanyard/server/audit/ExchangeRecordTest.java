package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.ExchangeRecord.Issued;
import dev.lanyard.server.audit.ExchangeRecord.NotIssued;
import dev.lanyard.server.audit.ExchangeRecord.Unreadable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("AUD-1: what the record of a token exchange says")
class ExchangeRecordTest {
  private static final Instant AT = Instant.parse("2026-11-30T09:00:00Z");

  private static ExchangeRecord read(Outcome outcome, JsonObject evidence) {
    return ExchangeRecord.of(
        AuditEvent.of(ExchangeRecord.TYPE, outcome, AT, "test", evidence)
            .withPerson("ana")
            .withClient("desk"));
  }

  private static JsonObject connectors(List<String> ids) {
    return JsonObject.builder().put("connectors", ids).build();
  }

  @Test
  @DisplayName("What was issued names the person, the client and the connectors")
  void issued() {
    var expected = new Issued(AT, Optional.of("ana"), Optional.of("desk"), List.of("linear"));
    assertThat(read(Outcome.SUCCESS, connectors(List.of("linear")))).isEqualTo(expected);
  }

  @Test
  @DisplayName("A record without connectors names none")
  void without() {
    assertThat(read(Outcome.SUCCESS, JsonObject.EMPTY))
        .isInstanceOfSatisfying(Issued.class, one -> assertThat(one.connectors()).isEmpty());
  }

  @Test
  @DisplayName("Of what was refused or failed nothing was issued")
  void not_issued() {
    assertThat(read(Outcome.REFUSED, connectors(List.of("linear")))).isEqualTo(new NotIssued());
    assertThat(read(Outcome.FAULT, JsonObject.EMPTY)).isEqualTo(new NotIssued());
  }

  @Test
  @DisplayName("A record that somebody has changed, or that another release wrote, says nothing")
  void unreadable() {
    var number = JsonObject.builder().put("connectors", 7).build();
    assertThat(read(Outcome.SUCCESS, number)).isEqualTo(new Unreadable());
    assertThat(read(Outcome.SUCCESS, AuditRecord.unreadable("a test"))).isEqualTo(new Unreadable());
  }
}
