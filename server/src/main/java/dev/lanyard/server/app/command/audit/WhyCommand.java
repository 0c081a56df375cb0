package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.AuditOffice;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.diagnosis.Cause;
import dev.lanyard.server.diagnosis.Diagnosis;
import dev.lanyard.server.diagnosis.Diagnostics;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard why`: the administrator's side of a refusal.
@Command(
    name = "why",
    description = {
      "Why a request was refused or failed: the check, the values compared, the requirement, and"
          + " what to do.",
      "The id is what the caller was told (correlation_id in the answer, the header"
          + " Lanyard-Correlation-Id, or on the page); its beginning is enough."
    },
    mixinStandardHelpOptions = true)
public final class WhyCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "ID", description = "The id, or its first four characters or more.")
  private String id = "";

  @Option(names = "--json", description = "As JSON, with all evidence.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var office = AuditOffice.open(configuration.read(), Clock.systemUTC())) {
      var database = office.database();
      var audit = new AuditLog(database, office.log().revealing());
      var diagnosis = found(new Diagnostics(audit).find(id));
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(diagnosis.toJson().toPrettyJson());
      } else {
        print(out, diagnosis, Directory.open(database, Clock.systemUTC()));
      }
      out.flush();
    }
  }

  private Diagnosis found(Diagnostics.Found found) {
    return switch (found) {
      case Diagnostics.Found.One(var diagnosis) -> diagnosis;
      case Diagnostics.Found.Several(var ids) ->
          throw new CommandFailure(
              "'%s' begins more than one id: %s".formatted(id, String.join(", ", ids)));
      case Diagnostics.Found.TooShort(int shortest) ->
          throw new CommandFailure("name the first %d characters at least".formatted(shortest));
      case Diagnostics.Found.Nothing _ ->
          throw new CommandFailure(
              """
              nothing is recorded under '%s'. Requests that prove nothing share one record a minute \
              when there are many of them (`lanyard audit --type requests.turned-away`); the log of \
              the server names every id that failed by a fault of ours.\
              """
                  .formatted(id));
    };
  }

  private static void print(PrintWriter out, Diagnosis diagnosis, Directory directory) {
    out.println(diagnosis.correlationId());
    line(out, "who", diagnosis.person().map(person -> name(directory, person)));
    line(out, "client", diagnosis.client());
    line(out, "asked for", diagnosis.target());
    if (diagnosis.causes().isEmpty()) {
      out.printf("%nNothing was refused here.%n");
    }
    diagnosis.causes().forEach(cause -> print(out, cause));
    out.printf("%nIn the order of time:%n");
    Stream.concat(diagnosis.records().stream(), diagnosis.related().stream())
        .sorted(Comparator.comparing(AuditRecord::sequence))
        .forEach(record -> print(out, record.event()));
  }

  private static String name(Directory directory, String person) {
    return directory
        .person(new PersonId(person))
        .map(one -> one.userName() + (one.active() ? "" : " (disabled)"))
        .orElse(person + " (not here any more)");
  }

  private static void print(PrintWriter out, Cause cause) {
    out.printf(
        "%n%s%n", cause.advice().map(one -> one.says()).orElse("There are no words for this yet."));
    line(out, "check", cause.check());
    line(out, "expected", cause.expected());
    line(out, "was", cause.actual());
    line(out, "detail", cause.detail());
    line(out, "requirement", cause.requirement().map(one -> one.id() + " — " + one.section()));
    line(out, "what to do", cause.advice().map(one -> one.remedy()));
  }

  private static void line(PrintWriter out, String name, Optional<String> value) {
    value.ifPresent(text -> out.printf("  %-12s %s%n", name, text));
  }

  private static void print(PrintWriter out, AuditEvent event) {
    var told =
        List.of("check", "reason", "jti", "outage", "quota").stream()
            .flatMap(name -> event.told(name).map(value -> name + " " + value).stream())
            .toList();
    out.printf(
        "  %s  %-9s %-18s %s  %s%n",
        event.at(),
        event.outcome().value(),
        event.type(),
        event.correlationId(),
        String.join(", ", told));
  }
}
