package dev.lanyard.server.revocation;

import static dev.lanyard.server.revocation.Effect.DENY_ALL;
import static dev.lanyard.server.revocation.Effect.DENY_ASSERTIONS;
import static dev.lanyard.server.revocation.Effect.DENY_SIGN_INS;
import static dev.lanyard.server.revocation.Effect.END_SESSIONS;
import static dev.lanyard.server.revocation.Effect.FORGET_ADDRESS;
import static dev.lanyard.server.revocation.Effect.REEVALUATE;
import static dev.lanyard.server.revocation.Effect.SWITCH_OFF;
import static dev.lanyard.server.revocation.Effect.SWITCH_ON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DPR-2: effects by cause, tabled")
class HappeningTest {
  private static final Map<Happening, Set<Effect>> TABLE = new EnumMap<>(Happening.class);

  static {
    TABLE.put(Happening.DISABLED, Set.of(SWITCH_OFF, END_SESSIONS, DENY_ALL));
    TABLE.put(Happening.ENABLED, Set.of(SWITCH_ON));
    TABLE.put(Happening.DELETED, Set.of(SWITCH_OFF, END_SESSIONS, DENY_ALL, FORGET_ADDRESS));
    TABLE.put(Happening.SESSIONS_REVOKED, Set.of(END_SESSIONS, DENY_ALL));
    TABLE.put(Happening.TOKENS_REVOKED, Set.of(END_SESSIONS, DENY_ALL));
    TABLE.put(Happening.CREDENTIAL_CHANGED, Set.of(END_SESSIONS, DENY_SIGN_INS));
    TABLE.put(Happening.CREDENTIAL_COMPROMISED, Set.of(END_SESSIONS, DENY_ALL));
    TABLE.put(Happening.ASSURANCE_LOWERED, Set.of(END_SESSIONS, DENY_SIGN_INS));
    TABLE.put(Happening.DEVICE_NOT_COMPLIANT, Set.of(END_SESSIONS, DENY_ALL));
    TABLE.put(Happening.RISK_RAISED, Set.of(END_SESSIONS, DENY_ALL));
    TABLE.put(Happening.GROUPS_CHANGED, Set.of(DENY_ASSERTIONS, REEVALUATE));
    TABLE.put(Happening.CLAIMS_CHANGED, Set.of(DENY_ASSERTIONS, REEVALUATE));
    TABLE.put(Happening.POLICY_CHANGED, Set.of(DENY_ASSERTIONS, REEVALUATE));
    TABLE.put(Happening.IDENTIFIER_RECYCLED, Set.of(END_SESSIONS, DENY_ALL, FORGET_ADDRESS));
    TABLE.put(Happening.NOTED, Set.of());
  }

  @Test
  void every_happening_has_exactly_these_effects() {
    for (var happening : Happening.values()) {
      assertThat(happening.effects()).as(happening.name()).isEqualTo(TABLE.get(happening));
    }
  }

  @Test
  void what_began_afterwards_is_good_only_of_what_a_new_sign_in_puts_right() {
    assertThat(Happening.values())
        .filteredOn(Happening::mayBeOver)
        .containsExactlyInAnyOrder(
            Happening.SESSIONS_REVOKED, Happening.CREDENTIAL_CHANGED, Happening.ASSURANCE_LOWERED);
  }

  @Test
  void whoever_is_switched_off_has_nothing_left() {
    for (var happening : Happening.values()) {
      if (happening.has(SWITCH_OFF)) {
        assertThat(happening.effects()).contains(END_SESSIONS, DENY_ALL);
      }
    }
  }
}
