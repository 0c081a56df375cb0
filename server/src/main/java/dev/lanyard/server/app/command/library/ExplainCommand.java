package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.LibraryPeople;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Requirement;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Explanation;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.Rule;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard explain`: the decision that would be enforced, with every rule that took part.
@Command(
    name = "explain",
    description =
        "Prints what policy decides for a person and a connector, and every rule that took part."
            + " Exit code 0 if access is given, 1 if not.",
    mixinStandardHelpOptions = true)
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Whom whom = new Whom();

  @Option(
      names = "--connector",
      required = true,
      paramLabel = "ID",
      description = "The connector's name in the role library.")
  private String connector = "";

  @Option(
      names = "--client",
      paramLabel = "ID",
      description = "The client at the broker (default: any client that no role excludes).")
  private Optional<ClientId> client = Optional.empty();

  @Option(
      names = "--scope",
      split = "[ ,]",
      paramLabel = "SCOPE",
      description = "Scopes asked for (default: all that policy gives).")
  private List<String> scopes = List.of();

  @Option(
      names = "--acr",
      paramLabel = "ACR",
      description = "The authentication context of the sign-in (default: unknown).")
  private Optional<String> acr = Optional.empty();

  @Option(
      names = "--amr",
      split = ",",
      paramLabel = "AMR",
      description = "The methods of the sign-in (default: unknown).")
  private List<String> amr = List.of();

  @Option(
      names = "--auth-time",
      paramLabel = "TIME",
      description = "When the sign-in was, e.g. 2026-11-23T09:00:00Z (default: unknown).")
  private Optional<Instant> authTime = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "The time of the request (default: now).")
  private Optional<Instant> at = Optional.empty();

  @Option(
      names = {"-l", "--library"},
      paramLabel = "FOLDER",
      description = "Decide by this folder instead of what is in force.")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// A person, or a client for itself.
  private static final class Whom {
    @ArgGroup(exclusive = false)
    private UserOption user = new UserOption();

    @Option(
        names = "--agent",
        paramLabel = "ID",
        description = "A client of the resource authorization server, for itself.")
    private Optional<ClientId> agent = Optional.empty();
  }

  @Override
  public Integer call() {
    var config = configuration.read();
    var library = LibraryDesk.decisive(config, folder);
    var target =
        library.connectors().stream()
            .filter(candidate -> candidate.id().equals(connector))
            .findAny()
            .orElseThrow(() -> unknownConnector(library));
    var asker = whom.agent.map(Asker::of).orElseGet(() -> person(config));
    var explanation = explain(PolicyLibrary.compile(library), library, asker, target);
    var allowed = asker.active() && explanation.decision() instanceof Decision.Permit;
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(
          toJson(asker, target, explanation, allowed)
              .put("exceptions_by_unproven_name", unmatched(library, asker, target))
              .put("conditions_on_unproven_name", unjudged(library, asker, explanation))
              .build()
              .toPrettyJson());
    } else {
      print(out, asker, target, explanation);
      unmatched(library, asker, target).forEach(exception -> printUnmatched(out, exception, asker));
      unjudged(library, asker, explanation).forEach(one -> printUnjudged(out, one, asker));
    }
    out.flush();
    return allowed ? 0 : 1;
  }

  private Asker person(Configuration config) {
    var clock = Clock.systemUTC();
    try (var database = Database.openUnmigrated(config.database(), clock)) {
      var person = whom.user.find(Directory.open(database, clock)).orElseThrow();
      return Asker.of(
          person, LibraryPeople.now(config, BrokerRecord.find(database)).member(person));
    }
  }

  /// Who asks.
  ///
  /// @param name as an administrator knows it
  /// @param unproven what they are called that counts for nothing
  /// @param uncounted groups of theirs that count for nothing, because another organisation's are
  ///   not named
  /// @param active whether it may have anything at all
  private record Asker(
      Member member, String name, Set<String> unproven, Set<String> uncounted, boolean active) {
    static Asker of(Person person, Member member) {
      var uncounted = new TreeSet<>(person.groups());
      uncounted.removeAll(member.groups());
      return new Asker(
          member, person.userName(), person.unprovenNames(), uncounted, person.active());
    }

    static Asker of(ClientId agent) {
      return new Asker(Member.agent(agent), "agent " + agent, Set.of(), Set.of(), true);
    }
  }

  /// Without a client, the first approved one through which access is given, if there is one.
  private Explanation explain(
      PolicyLibrary policy, Library library, Asker asker, Connector target) {
    var clients =
        whom.agent
            .or(() -> client)
            .map(List::of)
            .orElseGet(() ->
                library.clients().isEmpty()
                    ? List.of(AccessRequest.ANY_CLIENT)
                    : library.clients().stream().map(one -> one.id()).toList());
    var all = clients.stream().map(id -> policy.explain(request(asker, target, id))).toList();
    return all.stream()
        .filter(one -> one.decision() instanceof Decision.Permit)
        .findFirst()
        .orElse(all.getFirst());
  }

  private AccessRequest request(Asker asker, Connector target, ClientId through) {
    return new AccessRequest(
        asker.member(),
        through,
        target.authorizationServer(),
        List.of(target.resource()),
        requested(),
        new AuthenticationContext(authTime, acr, amr),
        at.orElseGet(() -> Clock.systemUTC().instant()));
  }

  private Scopes requested() {
    try {
      return Scopes.of(scopes);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--scope: " + e.getMessage(), e);
    }
  }

  private CommandFailure unknownConnector(Library library) {
    return new CommandFailure(
        "the role library has no connector '"
            + connector
            + "'. It has: "
            + String.join(", ", library.connectors().stream().map(Connector::id).toList()));
  }

  /// The exceptions that would give it by a name which is the person's and counts for nothing.
  private List<String> unmatched(Library library, Asker asker, Connector target) {
    var now = at.orElseGet(() -> Clock.systemUTC().instant());
    return library.exemptions().stream()
        .filter(one -> one.isInForce(now) && one.connectors().containsKey(target.id()))
        .filter(one -> !asker.member().isAmong(one.people()))
        .filter(one ->
            asker.unproven().stream()
                .anyMatch(name -> one.people().stream().anyMatch(name::equalsIgnoreCase)))
        .map(Exemption::name)
        .toList();
  }

  private static void printUnmatched(PrintWriter out, String exception, Asker asker) {
    out.printf(
        "Exception %s names %s by what a provider told: a user name, or an address that is not"
            + " verified. It counts for nothing here: name the verified address, or the id %s%n",
        exception, asker.name(), asker.member().id());
  }

  /// The conditions that failed and ask for what only a provider has said of the person.
  private static List<String> unjudged(Library library, Asker asker, Explanation explanation) {
    var member = asker.member();
    boolean unverified = member.email().isPresent() && !member.emailVerified();
    var failed =
        explanation.decision().rules().stream()
            .filter(rule -> rule.effect() == Rule.Effect.CONDITION_FAILED)
            .flatMap(rule -> rule.conditions().stream())
            .collect(Collectors.toUnmodifiableSet());
    return library.requirements().stream()
        .filter(one -> failed.contains(one.name()))
        .filter(one ->
            (unverified && one.condition().asksForEmail())
                || (member.userName().isEmpty() && one.condition().asksForUserName()))
        .map(Requirement::name)
        .distinct()
        .toList();
  }

  private static void printUnjudged(PrintWriter out, String condition, Asker asker) {
    out.printf(
        "Condition %s asks for what only a provider has said of %s: a user name that it told, or an"
            + " address that nobody has verified. It is not met, whatever it asks%n",
        condition, asker.name());
  }

  private void print(PrintWriter out, Asker asker, Connector target, Explanation explanation) {
    out.printf("%s → %s%n", asker.name(), target.name());
    if (!asker.active()) {
      out.println("REFUSED: the person is disabled, whatever the library says.");
    }
    switch (explanation.decision()) {
      case Decision.Permit permit ->
          out.printf(
              "%s with scopes: %s%n",
              permit.narrowed() ? "ALLOWED, narrowed," : "ALLOWED", permit.scopes());
      case Decision.Deny deny -> out.printf("REFUSED: %s%n", deny.reason().detail());
      case Decision.StepUp(var needed, _, _) ->
          out.printf(
              "AFTER A BETTER SIGN-IN:%s%s%n",
              needed.maxAge().map(age -> " at most " + age.toSeconds() + " s ago").orElse(""),
              needed.acrValues().isEmpty() ? "" : " with one of " + needed.acrValues());
    }
    out.println();
    if (asker.member().agent().isEmpty()) {
      out.printf(
          "Groups of the person: %s%n",
          String.join(", ", asker.member().groups().stream().sorted().toList()));
      if (!asker.member().reaches(target.id())) {
        out.printf(
            "%s is not behind the gateway: nobody of another organisation has it%n", target.name());
      }
      if (!asker.uncounted().isEmpty()) {
        out.printf(
            "Groups that do not count, as gateway.groups_of_others does not name them: %s%n",
            String.join(", ", asker.uncounted()));
      }
    }
    out.println("Rules that took part:");
    explanation.decision().rules().forEach(rule -> print(out, rule));
    if (explanation.decision().rules().isEmpty()) {
      out.println("  none: whatever no role gives is refused");
    }
    if (!(explanation.decision() instanceof Decision.Permit permit) || permit.narrowed()) {
      // Groups give an agent nothing.
      print(out, asker.member().agent().isPresent() ? List.of() : explanation.wouldGive());
    }
    out.printf(
        "Library version %s%s%n",
        explanation.decision().policyVersion(),
        folder.map(named -> " (folder " + named + ", whatever is in force)").orElse(""));
  }

  private static void print(PrintWriter out, List<Explanation.MissingRole> wouldGive) {
    wouldGive.forEach(missing ->
        out.printf(
            "Role %s would give it, through any of the groups %s%n",
            missing.role(), String.join(", ", missing.groups().stream().sorted().toList())));
  }

  private static void print(PrintWriter out, Rule rule) {
    out.printf(
        "  %s %s%s %s %s: %s%s%n",
        rule.kind().value(),
        rule.name(),
        rule.groups().isEmpty() ? "" : " (through group " + String.join(", ", rule.groups()) + ")",
        rule.kind() == Rule.Kind.SEPARATION ? "takes from" : "gives",
        rule.connector(),
        rule.scopes(),
        remark(rule));
  }

  private static String remark(Rule rule) {
    return switch (rule.effect()) {
      case APPLIED, WITHHELD -> "";
      case OTHER_CLIENTS_ONLY -> "  — only through other clients";
      case CONDITION_NOT_MET -> "  — not met: " + String.join(", ", rule.conditions());
      case CONDITION_FAILED -> "  — cannot be evaluated: " + String.join(", ", rule.conditions());
      case NEEDS_STEP_UP -> "  — after a better sign-in: " + String.join(", ", rule.conditions());
      case ENDED -> "  — has ended";
    };
  }

  private static JsonObject.Builder toJson(
      Asker asker, Connector target, Explanation explanation, boolean allowed) {
    var agent = asker.member().agent();
    return JsonObject.builder()
        .putIfPresent("person", Optional.of(asker.member().id()).filter(_ -> agent.isEmpty()))
        .putIfPresent("agent", agent.map(ClientId::value))
        .put("active", asker.active())
        .put("connector", target.id())
        .put("allowed", allowed)
        .put("decision", explanation.decision().evidence())
        .put(
            "would_give",
            explanation.wouldGive().stream().map(Explanation.MissingRole::role).toList());
  }
}
