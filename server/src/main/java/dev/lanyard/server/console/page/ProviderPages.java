package dev.lanyard.server.console.page;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.ProviderDesk;
import dev.lanyard.server.console.desk.ProviderDesk.Check;
import dev.lanyard.server.console.desk.ProviderDesk.Connection;
import dev.lanyard.server.console.desk.ProviderLooks;
import dev.lanyard.server.console.desk.ProviderLooks.Look;
import dev.lanyard.server.console.desk.ScimDesk;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/providers`: the identity providers that are connected, what each has last done, what is to be
/// entered there, and a look at it from this node.
///
/// A look sends requests to the provider, so it is an action of an administrator.
final class ProviderPages {
  static final String PATH = "/providers";
  private final Gate gate;
  private final ProviderLooks looks;
  private final ScimDesk scim;

  ProviderPages(Gate gate, ProviderLooks looks, ScimDesk scim) {
    this.gate = gate;
    this.looks = looks;
    this.scim = scim;
  }

  /// One of them.
  ///
  /// @param ways to what else the console has of it
  /// @param checks what was found, if somebody has just looked
  record Shown(
      String address,
      Table signs,
      Table facts,
      Table copied,
      List<Message.Way> ways,
      boolean examinable,
      String problem,
      List<Found> checks,
      String sum) {}

  record Found(String tone, String mark, String what, String detail) {}

  List<Route> routes() {
    return List.of(
        gate.page(PATH, Sitemap.PROVIDERS, this::list),
        gate.page(PATH + "/{id}", Sitemap.PROVIDERS, this::show),
        gate.action(PATH + "/{id}/look", Gate.ADMINISTRATORS, this::look));
  }

  private static String address(Connection one) {
    return PATH + "/" + Addresses.segment(one.id());
  }

  private Response list(Request request, Visit visit) {
    var table =
        new Table(
            List.of("Connection", "For", "Last sign of life"),
            looks.all().stream()
                .map(one ->
                    List.of(Cell.link(address(one), one.name()), Cell.text(one.kind()), last(one)))
                .toList(),
            "No identity provider is connected. `lanyard connect` connects one.");
    return Sheet.report(
        visit.frame(Sitemap.PROVIDERS.label(), Sitemap.PROVIDERS),
        Report.of(
            "Who signs people in here, keeps them, and says when they are gone.",
            List.of(Report.Part.of("Connections", "", table))));
  }

  private static Cell last(Connection one) {
    return one.signs().stream()
        .flatMap(sign -> sign.at().stream())
        .max(Instant::compareTo)
        .map(Cell::time)
        .orElseGet(() -> Cell.tag("none known", "warn"));
  }

  private Optional<Connection> connection(Request request) {
    return looks.find(request.pathParameter("id"));
  }

  private Response show(Request request, Visit visit) {
    return connection(request)
        .map(one -> page(200, visit, one, "", List.of(), ""))
        .orElseGet(() -> nothing(request));
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        404,
        "There is no such connection.",
        "Those that the configuration has are listed.",
        Optional.of(new Message.Way(PATH, Sitemap.PROVIDERS.label())));
  }

  private Response page(
      int status, Visit visit, Connection one, String problem, List<Check> checks, String sum) {
    var page =
        new Shown(
            address(one),
            new Table(
                List.of("What", "When"),
                one.signs().stream()
                    .map(sign ->
                        List.of(
                            Cell.text(sign.what()),
                            sign.at()
                                .map(Cell::time)
                                .orElseGet(() -> Cell.tag("none known", "warn"))))
                    .toList(),
                ""),
            facts(one.facts()),
            facts(one.copied()),
            ways(one),
            one.examinable() && visit.has(Duty.ADMINISTRATOR),
            problem,
            checks.stream().map(ProviderPages::found).toList(),
            sum);
    return Sheet.of(status, "provider", visit.frame(one.name(), Sitemap.PROVIDERS), page);
  }

  private List<Message.Way> ways(Connection one) {
    return scim.connections().stream()
        .filter(own -> ScimTokenPages.provider(own.id()).equals(one.id()))
        .map(own -> new Message.Way(ScimTokenPages.address(own.id()), "Its tokens"))
        .toList();
  }

  private static Table facts(List<ProviderDesk.Fact> facts) {
    return new Table(
        List.of("What", "Value"),
        facts.stream().map(one -> List.of(Cell.text(one.name()), Cell.code(one.value()))).toList(),
        "Nothing.");
  }

  private static Found found(Check check) {
    return switch (check.level()) {
      case GOOD -> new Found("good", "ok", check.what(), check.detail());
      case NOTE -> new Found("warn", "note", check.what(), check.detail());
      case BAD -> new Found("bad", "mend", check.what(), check.detail());
    };
  }

  private Response look(Request request, Visit visit, Form form) {
    var found = connection(request).filter(Connection::examinable);
    if (found.isEmpty()) {
      return nothing(request);
    }
    var one = found.get();
    return switch (looks.look(visit.actor(), one)) {
      case Look.Seen(var checks, var sum) -> page(200, visit, one, "", checks, sum);
      case Look.TooOften(var why) -> page(429, visit, one, why, List.of(), "");
    };
  }
}
