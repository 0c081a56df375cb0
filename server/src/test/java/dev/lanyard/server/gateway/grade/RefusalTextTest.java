package dev.lanyard.server.gateway.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.gateway.grade.ToolLock.Quarantine;
import dev.lanyard.server.library.Assurance;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.policy.DenyReason;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRefusal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A refusal says what is missing, what to do next and whom to ask")
class RefusalTextTest {
  private static final Thing ADD = new Thing(Thing.Kind.TOOL, "add");
  private static final RefusalText WORDS = new RefusalText("Linear", Optional.empty());
  private static final RefusalText NAMED =
      new RefusalText("Linear", Optional.of("Write to it@acme.example."));

  private static String refused(ToolRefusal why) {
    return WORDS.refused(ADD, why, "c-1");
  }

  private static String notGiven(DenyReason why) {
    return refused(new ToolRefusal.ConnectorNotGiven(why));
  }

  private static String quarantined(Quarantine why) {
    return WORDS.quarantined(ADD, why, "c-1");
  }

  @Test
  @DisplayName("whom the configuration names is named whatever is missing, but for what is nowhere")
  void contact() {
    assertThat(NAMED.quarantined(ADD, Quarantine.UNOFFERED, "c-1")).doesNotContain("Write to");
    assertThat(NAMED.refused(ADD, new ToolRefusal.Ungraded("add"), "c-1"))
        .isEqualTo(
            "The tool 'add' of Linear has no grade yet, so nobody may use it. It has to be graded"
                + " first. Write to it@acme.example. Quote c-1.");
    assertThat(NAMED.quarantined(ADD, Quarantine.REMOVED, "c-1"))
        .isEqualTo(
            "The tool 'add' of Linear is no longer offered by its server. Have your application"
                + " list what there is. Write to it@acme.example. Quote c-1.");
    assertThat(NAMED.stepUp(ADD, stepUp(Optional.empty()), "c-1"))
        .isEqualTo(
            "The tool 'add' of Linear needs a stronger sign-in. Sign in again when your application"
                + " asks you to. Write to it@acme.example. Quote c-1.");
  }

  private static ToolDecision.StepUp stepUp(Optional<Duration> maxAge) {
    return new ToolDecision.StepUp(new Assurance(maxAge, List.of("phr")), List.of(), "v");
  }

  @Nested
  @DisplayName("of the role library")
  class Library {
    @Test
    void no_grade() {
      var expected =
          "The tool 'add' of Linear has no grade yet, so nobody may use it. It has to be graded"
              + " first. Please ask your administrator. Quote c-1.";
      assertThat(refused(new ToolRefusal.Ungraded("add"))).isEqualTo(expected);
      assertThat(refused(new ToolRefusal.UnknownTool("add"))).isEqualTo(expected);
    }

    @Test
    void clearance() {
      var secret = new DataClass("secret", 2);
      var open = new DataClass("open", 1);
      assertThat(refused(new ToolRefusal.AboveClearance(secret, open)))
          .isEqualTo(
              "The tool 'add' of Linear is graded secret; your roles are cleared for open there."
                  + " You need a role with a higher clearance. Please ask your administrator."
                  + " Quote c-1.");
    }

    @Test
    void scopes() {
      assertThat(refused(new ToolRefusal.ScopeMissing(Scopes.of("issues.write"))))
          .isEqualTo(
              "The tool 'add' of Linear needs issues.write, which no role of yours that is cleared"
                  + " for it gives. You need a role that gives it. Please ask your administrator."
                  + " Quote c-1.");
      assertThat(refused(new ToolRefusal.ScopeWithheld(Scopes.of("issues.write"))))
          .isEqualTo(
              "The tool 'add' of Linear needs issues.write, which is withheld from you because of"
                  + " other roles that you have. One of these roles has to go. Please ask your"
                  + " administrator. Quote c-1.");
      assertThat(WORDS.scopeOfToken(ADD, Scopes.of("issues.write"), "c-1"))
          .isEqualTo(
              "The tool 'add' of Linear needs issues.write, which your application has not asked"
                  + " for. Have it connect again. Quote c-1.");
    }

    @Test
    void the_connector_itself_without_names_of_roles_and_conditions() {
      var linear = List.of("linear");
      assertThat(notGiven(new DenyReason.NoRole(linear)))
          .isEqualTo(
              "None of your roles gives you Linear. If you need it for your work, you need a role"
                  + " that does. Please ask your administrator. Quote c-1.");
      assertThat(notGiven(new DenyReason.ClientNotAllowed(linear)))
          .isEqualTo(
              "Your roles give you Linear, but not through this application. Use one that they"
                  + " name. Please ask your administrator. Quote c-1.");
      assertThat(notGiven(new DenyReason.ConditionNotMet(linear, List.of("office-hours"))))
          .isEqualTo(
              "Your roles give you Linear under conditions that are not met now. Please ask your"
                  + " administrator. Quote c-1.");
      assertThat(notGiven(new DenyReason.ExceptionEnded(linear, List.of("audit-2026"))))
          .isEqualTo(
              "What gave you Linear for a time has ended. If you still need it, it has to be given"
                  + " again. Please ask your administrator. Quote c-1.");
      assertThat(notGiven(new DenyReason.Separated(linear, List.of("pay-and-approve"))))
          .isEqualTo(
              "Linear is withheld from you because of other roles that you have. One of these roles"
                  + " has to go. Please ask your administrator. Quote c-1.");
      assertThat(refused(new ToolRefusal.UnknownConnector("linear")))
          .isEqualTo(
              "Linear is not among the connectors of your organisation. It has to be added first."
                  + " Please ask your administrator. Quote c-1.");
    }

    @Test
    void the_sign_in_for_which_nobody_need_be_asked() {
      assertThat(WORDS.stepUp(ADD, stepUp(Optional.of(Duration.ofMinutes(5))), "c-1"))
          .isEqualTo(
              "The tool 'add' of Linear needs a stronger sign-in that is not older than 5 minutes."
                  + " Sign in again when your application asks you to. Quote c-1.");
    }
  }

  @Nested
  @DisplayName("of the tool lock")
  class Lock {
    @Test
    void each_reason_in_its_own_words() {
      for (var unseen : List.of(Quarantine.UNSEEN, Quarantine.NEW)) {
        assertThat(quarantined(unseen))
            .isEqualTo(
                "The tool 'add' of Linear is new: an administrator has to look at it before anybody"
                    + " may use it. Please ask your administrator. Quote c-1.");
      }
      assertThat(quarantined(Quarantine.UNOFFERED))
          .isEqualTo(
              "Linear offers no tool 'add', as far as is known. Have your application list what"
                  + " there is. Quote c-1.");
      assertThat(quarantined(Quarantine.CHANGED))
          .isEqualTo(
              "The tool 'add' of Linear has been set aside, because its server now describes it"
                  + " differently. An administrator has to look at the change first. Please ask"
                  + " your administrator. Quote c-1.");
      assertThat(quarantined(Quarantine.WITHDRAWN))
          .isEqualTo(
              "The tool 'add' of Linear has been taken out of use by an administrator. Use another"
                  + " one. Please ask your administrator. Quote c-1.");
      assertThat(quarantined(Quarantine.RESERVED))
          .isEqualTo(
              "The tool 'add' of Linear has a name that no tool may have. Use another one. Quote"
                  + " c-1.");
      assertThat(quarantined(Quarantine.REMOVED))
          .isEqualTo(
              "The tool 'add' of Linear is no longer offered by its server. Have your application"
                  + " list what there is. Quote c-1.");
      assertThat(
              Arrays.stream(Quarantine.values())
                  .map(Quarantine::detail)
                  .collect(Collectors.toSet()))
          .as("the record tells all of them apart")
          .hasSize(Quarantine.values().length);
    }
  }
}
