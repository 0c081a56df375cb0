package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.Planning;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.contract.Plan;
import dev.lanyard.server.governance.contract.TermsFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard contract`: what the contracts with identity providers will cost, and what does not fit.
@Command(
    name = "contract",
    description = {
      "Sizes the contracts with identity providers: seats, ID-JAGs against quotas, reviews and"
          + " expansion fees, spend low, expected and high against the budget.",
      "Scenarios change what they name of the terms. Exit code 1 if something does not fit."
    },
    mixinStandardHelpOptions = true)
public final class ContractCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--scenario",
      paramLabel = "FILE",
      description = "What would be if; may be given several times. See docs/contract.md.")
  private List<Path> scenarios = new ArrayList<>();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var planning = PlanningDesk.of(config, database, CLOCK);
      var files = files(config, planning);
      var planner = planning.planner();
      var plans = new ArrayList<Plan>();
      files.forEach((name, file) -> plans.add(planner.plan(name, file)));
      var out = spec.commandLine().getOut();
      if (json) {
        var all = plans.stream().map(Plan::toJson).toList();
        out.println(JsonObject.builder().put("plans", all).build().toPrettyJson());
      } else {
        plans.forEach(plan -> print(out, plan));
      }
      out.flush();
      return plans.stream().allMatch(plan -> plan.warnings().isEmpty()) ? 0 : 1;
    }
  }

  private Map<String, TermsFile> files(Configuration config, Planning planning) {
    var life = planning.tokenLife();
    var base = config.planning().terms().map(file -> TermsFile.read(file, life));
    var files = new LinkedHashMap<String, TermsFile>();
    base.ifPresent(terms -> files.put("as configured", terms));
    for (var scenario : scenarios) {
      var read = TermsFile.read(scenario, life);
      files.put(scenario.getFileName().toString(), base.map(read::over).orElse(read));
    }
    if (files.isEmpty()) {
      throw new CommandFailure(
          "there are no terms: set contract.terms in the configuration, or name a whole --scenario;"
              + " see docs/contract.md");
    }
    return files;
  }

  private static void print(PrintWriter out, Plan plan) {
    out.printf("%s%n%n", plan.scenario());
    out.printf(
        "%-8s %12s %9s  %18s %18s %18s %18s%n",
        "Quarter", "Seats", "Launches", "Low", "Expected", "High", "Budget");
    for (var one : plan.quarters()) {
      out.printf(
          "%-8s %,12.1f %9.1f  %18s %18s %18s %18s%n",
          one.quarter(),
          one.seats().expected(),
          one.launches().expected(),
          one.spend().low(),
          one.spend().expected(),
          one.spend().high(),
          one.budget());
    }
    out.printf(
        "%-8s %12s %9s  %18s %18s %18s %18s%n",
        "in all",
        "",
        "",
        plan.spend().low(),
        plan.spend().expected(),
        plan.spend().high(),
        plan.budget());
    out.printf(
        "%nOverrun: expected %s, high %s times the budget.%n",
        factor(plan.overrun().expected()), factor(plan.overrun().high()));
    for (var one : plan.volumes()) {
      out.printf(
          "ID-JAGs of one person for one resource in a month, %s: %d at most, %s%s%n",
          one.provider(),
          one.heaviest(),
          plan.observed().isNothing() ? "nothing observed" : one.observed() + " observed",
          one.quota()
              .map(most -> "; the quota is " + most + (one.fits() ? "" : ", which does NOT hold"))
              .orElse("; no quota"));
    }
    plan.warnings().forEach(one -> out.printf("WARNING: %s%n", one));
    plan.leftOut().ifPresent(one -> out.printf("WARNING: %s%n", one));
    out.printf("%nAssumed:%n");
    plan.assumptions().forEach(one -> out.printf("- %s%n", one));
    plan.onCondition().ifPresent(one -> out.printf("- %s%n", one));
    out.println();
  }

  private static String factor(Optional<String> overrun) {
    return overrun.orElse("no budget, so no");
  }
}
