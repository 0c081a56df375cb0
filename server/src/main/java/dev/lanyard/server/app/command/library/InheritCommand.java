package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Inheritance;
import dev.lanyard.server.policy.Inherited;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.Rule;
import dev.lanyard.server.policy.ToolDecision;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard inherit`: what a new hire has at the first sign-in.
@Command(
    name = "inherit",
    description =
        "Prints what somebody who appears in a group has at their first sign-in, and what they must"
            + " do first, as far as the configuration and the catalogue know. Exit code 0 if that is something, 1 if it is nothing.",
    mixinStandardHelpOptions = true)
public final class InheritCommand implements Callable<Integer> {
  @Mixin private LibraryOption library = new LibraryOption();

  @Option(
      names = "--group",
      required = true,
      split = ",",
      paramLabel = "GROUP",
      description = "A group of the directory; several are one person's groups together.")
  private Set<String> groups = Set.of();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var chosen = library.chosen();
    var policy = PolicyLibrary.compile(chosen.files().read());
    var now = Clock.systemUTC().instant();
    var inherited = Inheritance.of(policy, groups, now);
    var installation = library.installation(spec.commandLine().getErr());
    var steps = FirstSteps.of(installation, LocalDate.ofInstant(now, ZoneOffset.UTC));
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonObject.builder()
              .put("groups", groups.stream().sorted().toList())
              .put("policy_version", policy.version())
              .put("in_force", chosen.isInForce())
              .put("connectors", inherited.stream().map(one -> toJson(one, steps)).toList())
              .build()
              .toPrettyJson());
    } else {
      print(out, inherited, steps);
      out.printf("Library version %s (%s)%n", policy.version(), chosen.told());
    }
    out.flush();
    return inherited.stream().anyMatch(InheritCommand::isGiven) ? 0 : 1;
  }

  private static boolean isGiven(Inherited inherited) {
    return !(inherited.decision() instanceof Decision.Deny);
  }

  private void print(PrintWriter out, List<Inherited> inherited, FirstSteps steps) {
    var names = groups.stream().sorted().collect(Collectors.joining(", "));
    if (inherited.isEmpty()) {
      out.printf("Nothing: no role of the library leads from %s to a connector.%n", names);
      return;
    }
    var given = inherited.stream().filter(InheritCommand::isGiven).toList();
    var silent = given.stream().filter(one -> steps.at(one.connector()).isEmpty()).toList();
    if (!silent.isEmpty()) {
      out.printf("A new member of %s has, without a ticket and without a consent screen:%n", names);
      silent.forEach(one -> print(out, one));
    }
    if (silent.size() < given.size()) {
      out.printf("A new member of %s has, without a ticket, after a step of their own:%n", names);
      given.forEach(one ->
          steps
              .at(one.connector())
              .ifPresent(step -> {
                print(out, one);
                out.printf("  %-16s first: %s%n", "", step);
              }));
    }
    var refused = inherited.stream().filter(one -> !isGiven(one)).toList();
    if (!refused.isEmpty()) {
      out.println("and not:");
      refused.forEach(one -> print(out, one));
    }
  }

  private static void print(PrintWriter out, Inherited one) {
    out.printf(
        "  %-16s %s%s%n", one.connector().id(), told(one.decision()), through(one.through()));
    out.printf("  %-16s by %s%n", "", rules(one.decision()));
    var allowed = tools(one, ToolDecision.Allowed.class);
    var refused = tools(one, ToolDecision.Refused.class);
    if (!allowed.isEmpty()) {
      out.printf("  %-16s tools: %s%n", "", String.join(", ", allowed));
    }
    if (!refused.isEmpty()) {
      out.printf("  %-16s hidden: %s%n", "", String.join(", ", refused));
    }
  }

  private static String told(Decision decision) {
    return switch (decision) {
      case Decision.Permit permit ->
          permit.scopes().isEmpty() ? "given" : "scopes " + permit.scopes();
      case Decision.StepUp _ -> "after a better sign-in";
      case Decision.Deny deny -> deny.reason().detail();
    };
  }

  private static String through(List<ClientId> clients) {
    return clients.isEmpty()
        ? ""
        : clients.stream().map(ClientId::value).collect(Collectors.joining(", ", " through ", ""));
  }

  private static String rules(Decision decision) {
    return decision.rules().stream()
        .map(rule -> rule.kind().value() + " " + rule.name())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static List<String> tools(Inherited one, Class<? extends ToolDecision> kind) {
    return one.tools().entrySet().stream()
        .filter(tool -> kind.isInstance(tool.getValue()))
        .map(tool -> tool.getKey())
        .toList();
  }

  private static JsonObject toJson(Inherited one, FirstSteps steps) {
    return JsonObject.builder()
        .put("connector", one.connector().id())
        .put("given", isGiven(one))
        .put("clients", one.through().stream().map(ClientId::value).toList())
        .putIfPresent("first", steps.at(one.connector()))
        .put("tools", tools(one, ToolDecision.Allowed.class))
        .put("hidden_tools", tools(one, ToolDecision.Refused.class))
        .put("roles", one.decision().rules().stream().map(Rule::name).distinct().toList())
        .put("decision", one.decision().evidence())
        .build();
  }
}
