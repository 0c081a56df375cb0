package dev.lanyard.server.publication.plan;

import dev.lanyard.server.publication.plan.Plan.Line;
import dev.lanyard.server.publication.plan.Replay.Fate;
import java.util.ArrayList;
import java.util.List;

/// A plan as lines for a terminal.
public final class PlanText {
  private static final int NAMES = 20;

  private PlanText() {}

  public static List<String> of(Plan plan) {
    var text = new ArrayList<String>();
    text.add("Version %s would follow %s.".formatted(plan.scene().version(), plan.scene().base()));
    if (plan.isNothing()) {
      text.add("Nobody gains or loses anything.");
    }
    if (!plan.lines().isEmpty()) {
      text.add(
          "Of %d people %d gain and %d lose something."
              .formatted(plan.scene().people(), plan.winners(), plan.losers()));
      text.add("");
      plan.lines().forEach(line -> text.add(said(line)));
      text.add("");
      plan.people().stream().limit(NAMES).forEach(person -> text.add(said(person)));
      if (plan.people().size() > NAMES) {
        text.add("  and %d more; --json names all".formatted(plan.people().size() - NAMES));
      }
    }
    plan.agents().forEach(agent -> text.add(said(agent)));
    text.add("");
    text.addAll(use(plan));
    return List.copyOf(text);
  }

  /// What becomes of what people really asked for, and of what they hold.
  public static List<String> use(Plan plan) {
    var text = new ArrayList<String>();
    replay(plan, text);
    text.add(
        "%d live grants of %d people would be ended; everybody else stays signed in."
            .formatted(plan.tokens().grants(), plan.tokens().people()));
    return List.copyOf(text);
  }

  /// `- 41 people lose linear issues.write, 3 of them used it in the last 24 hours`.
  static String said(Line line) {
    var parts = new ArrayList<String>();
    if (line.lostBy() > 0) {
      var used =
          line.lostByUsers() == 0
              ? ""
              : ", %d of them used it in this time, %d in the last 24 hours"
                  .formatted(line.lostByUsers(), line.lostByUsersOfLastDay());
      parts.add("%s %s%s".formatted(people(line.lostBy(), "lose"), Plan.said(line.thing()), used));
    }
    if (line.gainedBy() > 0) {
      parts.add("%s %s".formatted(people(line.gainedBy(), "gain"), Plan.said(line.thing())));
    }
    var through =
        line.through().isEmpty() ? "" : " (through " + String.join(", ", line.through()) + ")";
    return (line.lostBy() > 0 ? "- " : "+ ") + String.join("; ", parts) + through;
  }

  private static String people(int number, String verb) {
    return number == 1 ? "1 person " + verb + "s" : number + " people " + verb;
  }

  private static String said(Plan.Affected affected) {
    return "  %s:%s".formatted(affected.person().userName(), changes(affected.difference()));
  }

  private static String said(Plan.AffectedAgent agent) {
    return "  agent %s:%s".formatted(agent.client(), changes(agent.difference()));
  }

  private static String changes(Comparison.Difference difference) {
    var lost = Plan.said(difference.lost());
    var gained = Plan.said(difference.gained());
    return (lost.isEmpty() ? "" : " loses " + String.join(", ", lost))
        + (gained.isEmpty() ? "" : " gains " + String.join(", ", gained));
  }

  private static void replay(Plan plan, List<String> text) {
    var replayed = plan.replayed();
    text.add(
        "Of %d exchanges of the last %d days: %d the same, %d refused, %d with less, %d with more, %d given that were refused."
            .formatted(
                replayed.total(),
                plan.scene().window().toDays(),
                replayed.of(Fate.SAME).exchanges(),
                replayed.of(Fate.REFUSED).exchanges(),
                replayed.of(Fate.LESS).exchanges(),
                replayed.of(Fate.MORE).exchanges(),
                replayed.of(Fate.GIVEN).exchanges()));
    if (replayed.redemptions() > 0) {
      text.add(
          "Of %d redemptions in this time %d, of %d people, gave something that they would lose."
              .formatted(
                  replayed.redemptions(),
                  replayed.redemptionsOfLost().exchanges(),
                  replayed.redemptionsOfLost().people()));
    }
    if (replayed.leftOut() > 0) {
      text.add(
          "%d more say nothing about policy, or are of people who are gone."
              .formatted(replayed.leftOut()));
    }
  }
}
