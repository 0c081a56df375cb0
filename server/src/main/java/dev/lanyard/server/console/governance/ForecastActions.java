package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.governance.ForecastDesk.Recorded;
import dev.lanyard.server.console.governance.ForecastDesk.Said;
import dev.lanyard.server.console.governance.ForecastDesk.Told;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Entry;
import dev.lanyard.server.console.sheet.Entry.Choice;
import dev.lanyard.server.console.sheet.Entry.Field;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/forecast/say`, `/forecast/launch`, `/forecast/take-back`: what administrators say of launches,
/// and what became of them. Nothing that was said is ever changed.
final class ForecastActions {
  private static final String SAY = ForecastPages.HOME + "/say";
  private static final String LAUNCH = ForecastPages.HOME + "/launch";
  private static final String TAKE_BACK = ForecastPages.HOME + "/take-back";
  private static final String CONNECTOR = "connector";
  private static final String HOW = "how";
  private static final String IN = "in";
  private static final String BY = "by";
  private static final String QUARTERS = "quarters";
  private static final String EVIDENCE = "evidence";
  private static final String ON = "on";
  private static final String REASON = "reason";
  private static final String SEEN = "seen";
  private static final String KNOWN_FROM =
      "What do you know it from? It is recorded with your name.";

  private final Gate gate;
  private final ForecastDesk desk;

  ForecastActions(Gate gate, ForecastDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        gate.page(
            SAY,
            Gate.ADMINISTRATORS,
            (request, visit) -> saying(200, visit, asked(request), "", "", "", "")),
        gate.action(SAY, Gate.ADMINISTRATORS, (_, visit, form) -> say(visit, form)),
        gate.page(
            LAUNCH,
            Gate.ADMINISTRATORS,
            (request, visit) -> launching(200, visit, asked(request), "", "")),
        gate.action(LAUNCH, Gate.ADMINISTRATORS, this::launch),
        gate.page(TAKE_BACK, Gate.ADMINISTRATORS, this::takingBack),
        gate.action(TAKE_BACK, Gate.ADMINISTRATORS, this::takeBack));
  }

  /// What somebody may do about forecasts.
  ///
  /// @param connector about which; empty if about none yet
  /// @param isThere whether a launch of it stands, which somebody may take back
  static List<Message.Way> ways(Visit visit, String connector, boolean isThere) {
    if (!visit.has(Duty.ADMINISTRATOR)) {
      return List.of();
    }
    var ways = new ArrayList<Message.Way>();
    ways.add(new Message.Way(address(SAY, connector), "Say when…"));
    ways.add(new Message.Way(address(LAUNCH, connector), "It is there…"));
    if (isThere) {
      ways.add(new Message.Way(address(TAKE_BACK, connector), "It is not there…"));
    }
    return ways;
  }

  private static String address(String path, String connector) {
    return Slice.address(path, Map.of(CONNECTOR, connector));
  }

  private static String asked(Request request) {
    return Addresses.query(request).flatMap(form -> form.one(CONNECTOR)).orElse("");
  }

  private static Response saying(
      int status,
      Visit visit,
      String connector,
      String how,
      String quarters,
      String evidence,
      String problem) {
    var page =
        new Entry(
            new Entry.Question(
                SAY,
                problem,
                List.of(
                    "In your name, and scored by what becomes of it. It is never changed: who"
                        + " thinks better of it says so anew, and the last word counts.",
                    "What is left to 100% is that it will be later, or never."),
                "Say it",
                false,
                ForecastPages.HOME),
            List.of(
                Field.needed(CONNECTOR, "Connector, by its id", connector, "linear"),
                Field.chosen(
                    HOW,
                    "The chances are those that it is there",
                    how,
                    List.of(
                        new Choice(IN, "in the quarter itself"),
                        new Choice(BY, "by the end of the quarter"))),
                Field.needed(QUARTERS, "Chances by quarter", quarters, "2027-Q1=20%, 2027-Q2=30%"),
                Field.needed(EVIDENCE, "What do you know it from?", evidence, "https://…")));
    return Sheet.of(status, "entry", visit.frame("Say when", Sitemap.FORECAST), page);
  }

  private Response say(Visit visit, Form form) throws MalformedException {
    var connector = form.required(CONNECTOR).strip();
    var how = form.required(HOW);
    var typed = form.required(QUARTERS);
    var evidence = form.required(EVIDENCE).strip();
    var quarters = quarters(typed);
    if (quarters.isEmpty() || !List.of(IN, BY).contains(how)) {
      return saying(
          400,
          visit,
          connector,
          how,
          typed,
          evidence,
          "Nothing was said: write each quarter once, such as 2027-Q1=20%, 2027-Q2=30%.");
    }
    var said =
        new Said(
            connector,
            how.equals(IN) ? quarters.get() : Map.of(),
            how.equals(BY) ? quarters.get() : Map.of(),
            form.required(REASON).strip(),
            evidence);
    return switch (desk.say(visit.actor(), said)) {
      case Told.Kept _ -> gate.to(ForecastStatements.address(connector));
      case Told.Faulty(var why) ->
          saying(400, visit, connector, how, typed, evidence, "Nothing was said: " + why + ".");
      case Told.Unsigned(var why) ->
          saying(
              409,
              visit,
              connector,
              how,
              typed,
              evidence,
              "Nothing was said: %s. `lanyard forecast set` signs it with your key."
                  .formatted(why));
    };
  }

  /// Each quarter once.
  private static Optional<Map<String, String>> quarters(String typed) {
    var quarters = new LinkedHashMap<String, String>();
    for (var one : typed.split("[,;\\s]+", -1)) {
      int sign = one.indexOf('=');
      if (one.isEmpty()) {
        continue;
      }
      if (sign < 0 || quarters.put(one.substring(0, sign), one.substring(sign + 1)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(quarters);
  }

  private static Response launching(
      int status, Visit visit, String connector, String on, String problem) {
    var page =
        new Entry(
            new Entry.Question(
                LAUNCH,
                problem,
                List.of(
                    "Forecasts of it are scored by this. A later record takes the place of an"
                        + " earlier one."),
                "It is there",
                false,
                ForecastPages.HOME),
            List.of(
                Field.needed(CONNECTOR, "Connector, by its id", connector, "linear"),
                Field.needed(ON, "Since which day", on, "2027-02-11")),
            KNOWN_FROM);
    return Sheet.of(status, "entry", visit.frame("It is there", Sitemap.FORECAST), page);
  }

  private Response launch(Request request, Visit visit, Form form) throws MalformedException {
    var connector = form.required(CONNECTOR).strip();
    var on = form.required(ON).strip();
    return switch (desk.launched(visit.actor(), connector, on, form.required(REASON).strip())) {
      case Recorded.Kept _ -> gate.to(ForecastStatements.address(connector));
      case Recorded.Faulty(var why) ->
          launching(400, visit, connector, on, "Nothing was recorded: " + why + ".");
      case Recorded.Stands() -> otherwise(request, connector, "That stands already.");
    };
  }

  private Response otherwise(Request request, String connector, String what) {
    return gate.message(
        request,
        409,
        what,
        "Nothing was recorded.",
        Optional.of(
            connector.isEmpty()
                ? new Message.Way(ForecastPages.HOME, Sitemap.FORECAST.label())
                : new Message.Way(ForecastStatements.address(connector), "Look at it again")));
  }

  private Response takingBack(Request request, Visit visit) {
    var connector = asked(request);
    return desk.launch(connector)
        .map(launch -> {
          var page =
              new Entry(
                  new Entry.Question(
                      TAKE_BACK,
                      "",
                      List.of(
                          "%s: there since %s, says %s (%s)."
                              .formatted(connector, launch.on(), launch.by(), launch.evidence()),
                          "It was recorded by mistake: the connector is not there. The record says"
                              + " both from then on."),
                      "It is not there",
                      true,
                      ForecastStatements.address(connector)),
                  List.of(
                      Field.chosen(
                          CONNECTOR,
                          "Connector",
                          connector,
                          List.of(new Choice(connector, connector))),
                      Field.chosen(
                          SEEN,
                          "As recorded",
                          launch.at().toString(),
                          List.of(
                              new Choice(launch.at().toString(), "on " + launch.at().toString())))),
                  KNOWN_FROM);
          return Sheet.of(200, "entry", visit.frame("It is not there?", Sitemap.FORECAST), page);
        })
        .orElseGet(() -> otherwise(request, connector, "No launch of it stands."));
  }

  private Response takeBack(Request request, Visit visit, Form form) throws MalformedException {
    var connector = form.required(CONNECTOR).strip();
    var reason = form.required(REASON).strip();
    var overtaken =
        form.one(SEEN)
            .flatMap(
                seen -> desk.launch(connector).filter(one -> !seen.equals(one.at().toString())));
    return overtaken.isPresent()
        ? otherwise(request, connector, "Another launch of it was recorded since.")
        : desk.takeBack(visit.actor(), connector, reason)
            .map(_ -> gate.to(ForecastStatements.address(connector)))
            .orElseGet(() -> otherwise(request, connector, "No launch of it stands."));
  }
}
