package dev.lanyard.protocol.securityevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("OpenID CAEP 1.0 §3 and RISC 1.0 §2 (SSF-30 to SSF-40)")
class SecurityEventTest {
  static Stream<SecurityEvent> everyEvent() {
    return Stream.concat(
        Stream.of(
            new CaepEvent.SessionRevoked(),
            new CaepEvent.CredentialChange(
                "fido2-roaming", CaepEvent.CredentialChange.Change.DELETE, Optional.of("a key")),
            new CaepEvent.TokenClaimsChange(JsonObject.builder().put("role", "ro").build()),
            new CaepEvent.AssuranceLevelChange(
                "NIST-AAL",
                "nist-aal1",
                Optional.of("nist-aal2"),
                Optional.of(CaepEvent.AssuranceLevelChange.Direction.DECREASE)),
            new CaepEvent.DeviceComplianceChange(
                CaepEvent.DeviceComplianceChange.Status.COMPLIANT,
                CaepEvent.DeviceComplianceChange.Status.NOT_COMPLIANT),
            new CaepEvent.RiskLevelChange(
                "USER",
                CaepEvent.RiskLevelChange.Level.HIGH,
                Optional.of(CaepEvent.RiskLevelChange.Level.LOW),
                Optional.of("PASSWORD_FOUND_IN_DATA_BREACH")),
            new CaepEvent.SessionEstablished(),
            new CaepEvent.SessionPresented(),
            new RiscEvent.AccountDisabled(Optional.of("hijacking")),
            new RiscEvent.CredentialCompromise("password"),
            new RiscEvent.IdentifierChanged(Optional.of("new@b")),
            new StreamEvent.Verification(Optional.of("state")),
            new StreamEvent.StreamUpdated(StreamEvent.Status.PAUSED, Optional.empty()),
            new UnknownEvent("https://e.example/x", JsonObject.EMPTY)),
        Arrays.stream(RiscEvent.Kind.values()).map(RiscEvent.Plain::new));
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void is_read_as_it_is_written(SecurityEvent event) throws MalformedException {
    assertThat(SecurityEvent.parse(event.type(), event.toJson())).isEqualTo(event);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          caep/event-type/credential-change        | {"credential_type":"password"}
          caep/event-type/credential-change        | {"credential_type":"p","change_type":"lost"}
          caep/event-type/token-claims-change      | {}
          caep/event-type/assurance-level-change   | {"namespace":"NIST-AAL"}
          caep/event-type/device-compliance-change | {"current_status":"not-compliant"}
          caep/event-type/risk-level-change        | {"principal":"USER","current_level":"HUGE"}
          risc/event-type/credential-compromise    | {}
          ssf/event-type/stream-updated            | {}
          """)
  void lacks_what_its_type_demands(String type, String payload) throws MalformedException {
    var json = JsonObject.parse(payload);

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> SecurityEvent.parse("https://schemas.openid.net/secevent/" + type, json));
  }

  @Test
  @DisplayName("SSF-3: a type that nobody knows is no fault, also under a known base")
  void unknown_types() throws MalformedException {
    for (var base : new String[] {CaepEvent.BASE, RiscEvent.BASE, StreamEvent.BASE}) {
      assertThat(SecurityEvent.parse(base + "new", JsonObject.EMPTY))
          .isEqualTo(new UnknownEvent(base + "new", JsonObject.EMPTY));
    }
  }

  @Test
  @DisplayName("circumstances: seconds, who, and reasons by language")
  void circumstances() throws MalformedException {
    var json =
        JsonObject.parse(
            """
            {"event_timestamp": 1763931600, "initiating_entity": "policy",
             "reason_admin": {"en": "left", "de": "gegangen"}}
            """);

    assertThat(Circumstances.parse(json))
        .isEqualTo(
            new Circumstances(
                Optional.of(Instant.ofEpochSecond(1763931600)),
                Optional.of(Circumstances.Initiator.POLICY),
                Map.of("en", "left", "de", "gegangen"),
                Map.of()));
    assertThat(Circumstances.parse(json).toJson().names())
        .containsExactly("event_timestamp", "initiating_entity", "reason_admin");
  }
}
