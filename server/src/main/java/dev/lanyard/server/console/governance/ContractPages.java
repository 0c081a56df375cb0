package dev.lanyard.server.console.governance;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Trial;
import dev.lanyard.server.console.sheet.Trial.Ends;
import dev.lanyard.server.console.sheet.Trial.Group;
import dev.lanyard.server.console.sheet.Trial.Slider;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.contract.Control;
import dev.lanyard.server.governance.contract.Plan;
import dev.lanyard.server.governance.contract.Planner;
import dev.lanyard.server.governance.contract.TermsFile;
import dev.lanyard.server.governance.contract.WhatIf;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.yaml.Fault;
import dev.lanyard.server.yaml.FaultyFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `/contract`: what the contracts with identity providers will cost and what does not fit, and
/// what would be if something of the terms were otherwise. Nothing is kept: the address says what
/// was tried.
public final class ContractPages {
  private static final String HOME = "/contract";
  private static final Path SCENARIO = Path.of("scenario.yaml");
  private static final String LEAD =
      "Seats, ID-JAGs against quotas, reviews and fees, against the budget. Move what you would"
          + " have otherwise; nothing is kept, and the address of the page says what you have"
          + " tried.";

  private final Gate gate;
  private final Prepared<Quarter, Planner> planner;
  private final Optional<Path> terms;

  /// @param planner of a quarter
  /// @param terms the file of the terms, if there is one
  public ContractPages(Gate gate, Prepared<Quarter, Planner> planner, Optional<Path> terms) {
    this.gate = gate;
    this.planner = planner;
    this.terms = terms;
  }

  public List<Route> routes() {
    return List.of(gate.page(HOME, Sitemap.CONTRACT, this::show));
  }

  private Response show(Request request, Visit visit) {
    if (terms.isEmpty()) {
      return told(
          visit,
          200,
          "There are no terms yet. Write them into a file, with prices, quotas, fees and the"
              + " budget, and name it as 'contract.terms' in the configuration; see"
              + " docs/contract.md.");
    }
    try {
      var now = planner.of(Quarter.of(visit.at()));
      if (now.isEmpty()) {
        return Waiting.page(visit, Sitemap.CONTRACT, HOME);
      }
      var agreed = TermsFile.read(terms.get(), now.get().configuredLife());
      return shown(visit, new Tried(now.get(), agreed, Addresses.query(request)));
    } catch (FaultyFileException e) {
      return told(visit, 409, "A file that is needed is broken. Mend it: " + words(e));
    }
  }

  private static Response told(Visit visit, int status, String what) {
    var nothing = new Table(List.of("What"), List.of(), what);
    var report = Report.of(LEAD, List.of(Part.of("Nothing to show", "", nothing)));
    return Sheet.of(
        status, "report", visit.frame(Sitemap.CONTRACT.label(), Sitemap.CONTRACT), report);
  }

  /// Whoever looks from outside need not know in which folder the file is.
  private static String words(FaultyFileException faulty) {
    return faulty.faults().stream().map(ContractPages::words).collect(Collectors.joining("; "));
  }

  private static String words(Fault one) {
    return "%s:%d: %s".formatted(one.file().getFileName(), one.line(), one.message());
  }

  /// What somebody has tried, and what follows.
  private static final class Tried {
    private final WhatIf whatIf;
    private final WhatIf.Asked asked;
    private final Map<String, String> problems;
    private final Plan agreed;
    private final Optional<Plan> plan;

    /// @throws FaultyFileException if the terms themselves are broken
    private Tried(Planner planner, TermsFile terms, Optional<Form> query) {
      var life = planner.configuredLife();
      this.whatIf = new WhatIf(terms, life);
      this.asked = whatIf.asked(name -> query.flatMap(form -> form.one(name)));
      this.problems = new HashMap<>(asked.problems());
      this.agreed = planner.plan("as agreed", terms);
      this.plan = problems.isEmpty() ? plan(planner, terms) : Optional.empty();
    }

    private Optional<Plan> plan(Planner planner, TermsFile terms) {
      try {
        var scenario = TermsFile.parse(SCENARIO, asked.scenario(), planner.configuredLife());
        return Optional.of(planner.plan("what if", scenario.over(terms)));
      } catch (FaultyFileException e) {
        // What the terms have nothing for: a quarter after the last period of a schedule.
        problems.put(
            "quarters", e.faults().stream().map(Fault::message).collect(Collectors.joining("; ")));
        return Optional.empty();
      }
    }

    private List<Group> groups() {
      var groups = new ArrayList<Group>();
      whatIf
          .controls()
          .forEach((topic, controls) ->
              groups.add(
                  new Group(
                      topic,
                      controls.stream()
                          .map(one -> slider(one, groups.size() + "-" + controls.indexOf(one)))
                          .toList())));
      return groups;
    }

    private Slider slider(Control one, String id) {
      var said = asked.said().getOrDefault(one.name(), "");
      var problem = Optional.ofNullable(problems.get(one.name()));
      return new Slider(
          "control-" + id,
          one.name(),
          one.label(),
          said,
          one.unit(),
          new Ends(
              Control.written(one.least()),
              Control.written(one.most()),
              Control.written(one.step())),
          Control.written(one.agreed()),
          problem.map(why -> "“%s” cannot be tried. %s".formatted(said, why)).orElse(""));
    }

    private String summary() {
      if (plan.isEmpty()) {
        return "Nothing is shown, because something cannot be tried: see beside the controls.";
      }
      var spend = plan.get().spend();
      return "Expected %s, at most %s, of a budget of %s; %s. As agreed: expected %s."
          .formatted(
              spend.expected(),
              spend.high(),
              plan.get().budget(),
              plan.get().warnings().isEmpty() ? "the quotas hold" : "there are warnings",
              agreed.spend().expected());
    }
  }

  private Response shown(Visit visit, Tried tried) {
    var page =
        new Trial(
            LEAD,
            HOME,
            tried.groups(),
            tried.summary(),
            tried.plan.map(PlanParts::of).orElse(List.of()),
            tried.asked.scenario(),
            "Copied into a file, it says the same to lanyard contract --scenario FILE.");
    return Sheet.of(
        tried.plan.isPresent() ? 200 : 400,
        "trial",
        visit.frame(Sitemap.CONTRACT.label(), Sitemap.CONTRACT),
        page);
  }
}
