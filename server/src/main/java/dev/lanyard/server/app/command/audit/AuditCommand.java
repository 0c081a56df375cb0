package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.HowMany;
import dev.lanyard.server.app.command.People;
import dev.lanyard.server.app.node.AuditOffice;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.directory.Directory;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard audit`: the record, newest last.
@Command(
    name = "audit",
    description =
        "Prints the audit record: what happened, to whom, and the exact check that decided.",
    subcommands = {
      AuditExportCommand.class,
      AuditVerifyCommand.class,
      AuditProofCommand.class,
      AuditKeysCommand.class,
      AuditHoldCommand.class
    },
    mixinStandardHelpOptions = true)
public final class AuditCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--person",
      paramLabel = "USER",
      description = "Only about this person: user name, e-mail address or id.")
  private Optional<String> person = Optional.empty();

  @Option(
      names = "--organisation",
      paramLabel = "NAME",
      description = "Only about this organisation and its people.")
  private Optional<String> organisation = Optional.empty();

  @Option(
      names = "--request",
      paramLabel = "CORRELATION_ID",
      description = "Only this request: the id that the caller was told.")
  private Optional<String> request = Optional.empty();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only events such as token.exchange.")
  private Optional<String> type = Optional.empty();

  @Option(
      names = "--last",
      converter = HowMany.class,
      paramLabel = "N",
      defaultValue = "20",
      description = "How many at most (default: ${DEFAULT-VALUE}).")
  private int last = 20;

  @Option(names = "--json", description = "One JSON object a line, with all evidence.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var config = configuration.read();
    try (var office = AuditOffice.open(config, Clock.systemUTC())) {
      var database = office.database();
      var query = AuditQuery.newest(last);
      if (person.isPresent()) {
        var directory = Directory.open(database, Clock.systemUTC());
        var found = People.find(directory, person.get(), organisation);
        query = query.ofPerson(found.id().value());
      }
      query = organisation.map(query::ofOrganisation).orElse(query);
      query = request.map(query::ofRequest).orElse(query);
      query = type.map(query::ofType).orElse(query);
      var out = spec.commandLine().getOut();
      boolean any =
          new AuditLog(database, office.log().revealing())
              .each(query, record -> print(out, record));
      if (!any && !json) {
        out.println("Nothing is recorded that matches.");
      }
      out.flush();
    }
  }

  private void print(PrintWriter out, AuditRecord record) {
    if (json) {
      out.println(record.toJson().toJson());
      return;
    }
    var event = record.event();
    out.printf(
        "%s  %-9s %-18s %s%n",
        event.at(),
        event.outcome().name().toLowerCase(Locale.ROOT),
        event.type(),
        event.correlationId());
    event.evidence().names().forEach(name -> out.printf("    %-20s %s%n", name, text(event, name)));
  }

  private static String text(AuditEvent event, String name) {
    return event.evidence().text(name).orElse("");
  }
}
