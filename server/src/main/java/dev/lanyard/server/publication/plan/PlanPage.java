package dev.lanyard.server.publication.plan;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.server.publication.plan.Plan.Affected;
import dev.lanyard.server.publication.plan.Plan.AffectedAgent;
import dev.lanyard.server.publication.plan.Plan.Line;
import dev.lanyard.server.publication.plan.Replay.Fate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// A plan as one page that can be attached to a change request: no scripts, nothing loaded, every
/// text escaped.
public final class PlanPage {
  private static final int PEOPLE = 500;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final String STYLE =
      """
      :root{--ink:#1c2330;--soft:#5b6577;--line:#dde2ea;--loss:#b42318;--lossbg:#fef1ef;--gain:#067647;--gainbg:#ecfaf3}
      *{box-sizing:border-box}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:#f5f7fa;margin:0}
      main{max-width:62rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
      h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2.4rem 0 .7rem}
      p{margin:.3rem 0}.soft{color:var(--soft)}
      code{font:.86em ui-monospace,monospace;overflow-wrap:anywhere}
      .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1.6rem 0 0}
      .card{background:#fff;border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.1rem}
      .card b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
      .card span{color:var(--soft);font-size:.86rem}
      .loss b{color:var(--loss)}.gain b{color:var(--gain)}
      table{width:100%;border-collapse:collapse;background:#fff;border:1px solid var(--line);border-radius:.6rem;overflow:hidden}
      th,td{text-align:left;padding:.5rem .8rem;border-top:1px solid var(--line);vertical-align:top}
      thead th{border-top:0;background:#eef1f6;font-size:.82rem;color:var(--soft);font-weight:600}
      .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      .tag{display:inline-block;border-radius:.35rem;padding:.05rem .45rem;margin:.1rem .25rem .1rem 0;font-size:.84rem}
      .tag.l{background:var(--lossbg);color:var(--loss)}.tag.g{background:var(--gainbg);color:var(--gain)}
      .red{color:var(--loss);font-weight:600}.green{color:var(--gain);font-weight:600}
      @media print{body{background:#fff}main{padding:0}tr{break-inside:avoid}}
      """;

  private PlanPage() {}

  /// @param title what the page is about, e.g. the proposal
  public static String of(Plan plan, String title) {
    var page = new StringBuilder(16_384);
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escaped(title))
        .append("</title><meta name=\"viewport\" content=\"width=device-width\">")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .append(" style-src 'unsafe-inline'\"><style>")
        .append(STYLE)
        .append("</style></head><body><main><h1>")
        .append(escaped(title))
        .append("</h1>");
    heading(plan, page);
    if (plan.isNothing() || !plan.lines().isEmpty()) {
      lines(plan.lines(), page);
    }
    replay(plan, page);
    people(plan.people(), page);
    agents(plan.agents(), page);
    return page.append("</main></body></html>\n").toString();
  }

  private static void heading(Plan plan, StringBuilder page) {
    page.append("<p class=\"soft\">")
        .append(TIME.format(plan.scene().at()))
        .append(" · version <code>")
        .append(escaped(brief(plan.scene().version())))
        .append("</code> would follow <code>")
        .append(escaped(brief(plan.scene().base())))
        .append("</code></p><div class=\"cards\">");
    card(page, "loss", plan.losers(), "people lose something");
    card(page, "gain", plan.winners(), "people gain something");
    card(page, "", plan.scene().people(), "people in the directory");
    card(page, plan.tokens().grants() > 0 ? "loss" : "", plan.tokens().grants(), "live grants end");
    page.append("</div>");
  }

  private static void card(StringBuilder page, String kind, int number, String text) {
    page.append("<div class=\"card ")
        .append(number > 0 ? kind : "")
        .append("\"><b>")
        .append(grouped(number))
        .append("</b><span>")
        .append(escaped(text))
        .append("</span></div>");
  }

  private static void lines(List<Line> lines, StringBuilder page) {
    page.append("<h2>What changes</h2>");
    if (lines.isEmpty()) {
      page.append("<p>Nobody gains or loses anything.</p>");
      return;
    }
    page.append("<table><thead><tr><th>Connector</th><th>What</th><th class=\"n\">Lose it</th>")
        .append("<th class=\"n\">of them used it</th><th class=\"n\">in the last 24 h</th>")
        .append("<th class=\"n\">Gain it</th></tr></thead><tbody>");
    for (var line : lines) {
      page.append("<tr><td>")
          .append(escaped(line.thing().connector()))
          .append("</td><td>")
          .append(what(line))
          .append("</td>");
      number(page, line.lostBy(), "red");
      number(page, line.lostByUsers(), "");
      number(page, line.lostByUsersOfLastDay(), "");
      number(page, line.gainedBy(), "green");
      page.append("</tr>");
    }
    page.append("</tbody></table>");
  }

  private static String what(Line line) {
    var name = escaped(line.thing().name());
    var what =
        switch (line.thing().kind()) {
          case CONNECTOR -> "the connector itself";
          case SCOPE -> "scope <code>" + name + "</code>";
          case TOOL -> "tool <code>" + name + "</code>";
        };
    var hanging = (what + " " + line.thing().on().words()).strip();
    return line.through().isEmpty()
        ? hanging
        : hanging
            + " <span class=\"soft\">through "
            + escaped(String.join(", ", line.through()))
            + "</span>";
  }

  private static void number(StringBuilder page, long number, String kind) {
    page.append("<td class=\"n ")
        .append(number > 0 ? kind : "soft")
        .append("\">")
        .append(number > 0 ? grouped(number) : "–")
        .append("</td>");
  }

  private static void replay(Plan plan, StringBuilder page) {
    page.append("<h2>What people really asked for</h2><p class=\"soft\">")
        .append(grouped(plan.replayed().total()))
        .append(" token exchanges of the last ")
        .append(plan.scene().window().toDays())
        .append(" days, asked again with the groups that people have now.");
    if (plan.replayed().leftOut() > 0) {
      page.append(' ')
          .append(grouped(plan.replayed().leftOut()))
          .append(" more say nothing about policy, or are of people who are gone.");
    }
    if (plan.replayed().redemptions() > 0) {
      page.append(" Of ")
          .append(grouped(plan.replayed().redemptions()))
          .append(" redemptions ")
          .append(grouped(plan.replayed().redemptionsOfLost().exchanges()))
          .append(", of ")
          .append(grouped(plan.replayed().redemptionsOfLost().people()))
          .append(" people, gave something that they would lose.");
    }
    page.append("</p><table><thead><tr><th>Under the new version</th>")
        .append("<th class=\"n\">Exchanges</th><th class=\"n\">People</th></tr></thead><tbody>");
    for (var fate : Fate.values()) {
      var counted = plan.replayed().of(fate);
      page.append("<tr><td>").append(said(fate)).append("</td>");
      number(page, counted.exchanges(), "");
      number(page, counted.people(), "");
      page.append("</tr>");
    }
    page.append("</tbody></table>");
  }

  private static String said(Fate fate) {
    return switch (fate) {
      case SAME -> "the same answer";
      case MORE -> "given, with more than now";
      case LESS -> "given, with less than now";
      case REFUSED -> "refused, and given now";
      case GIVEN -> "given, and refused now";
    };
  }

  private static void people(List<Affected> people, StringBuilder page) {
    if (people.isEmpty()) {
      return;
    }
    page.append("<h2>Who</h2><table><thead><tr><th>Person</th><th>Loses</th><th>Gains</th>")
        .append("<th>Last use of what is lost</th></tr></thead><tbody>");
    people.stream()
        .limit(PEOPLE)
        .forEach(one -> {
          page.append("<tr><td>").append(escaped(one.person().userName())).append("</td><td>");
          tags(page, "l", Plan.said(one.difference().lost()));
          page.append("</td><td>");
          tags(page, "g", Plan.said(one.difference().gained()));
          page.append("</td><td>")
              .append(one.lastUse().map(TIME::format).orElse("<span class=\"soft\">–</span>"))
              .append("</td></tr>");
        });
    page.append("</tbody></table>");
    if (people.size() > PEOPLE) {
      page.append("<p class=\"soft\">and ")
          .append(grouped(people.size() - (long) PEOPLE))
          .append(" more; the JSON form names all.</p>");
    }
  }

  private static void agents(List<AffectedAgent> agents, StringBuilder page) {
    if (agents.isEmpty()) {
      return;
    }
    page.append("<h2>Agents</h2><table><thead><tr><th>Client</th><th>Loses</th><th>Gains</th>")
        .append("</tr></thead><tbody>");
    for (var one : agents) {
      page.append("<tr><td>").append(escaped(one.client().value())).append("</td><td>");
      tags(page, "l", Plan.said(one.difference().lost()));
      page.append("</td><td>");
      tags(page, "g", Plan.said(one.difference().gained()));
      page.append("</td></tr>");
    }
    page.append("</tbody></table>");
  }

  private static void tags(StringBuilder page, String kind, List<String> texts) {
    texts.forEach(text ->
        page.append("<span class=\"tag ")
            .append(kind)
            .append("\">")
            .append(escaped(text))
            .append("</span>"));
  }

  private static String brief(String version) {
    return version.length() > 12 ? version.substring(0, 12) : version;
  }

  private static String grouped(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }
}
