package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard organisation limit`: what an operator allows an organisation.
@Command(
    name = "limit",
    description =
        "Sets what its people may have at most. What is not named stays; an empty value lifts a"
            + " limit. What a new limit takes away ends at once.",
    mixinStandardHelpOptions = true)
final class OrganisationLimitCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "NAME")
  private String name = "";

  @Option(
      names = "--scopes",
      paramLabel = "SCOPES",
      description = "Scopes with a space between; '' for no limit.")
  private Optional<String> scopes = Optional.empty();

  @Option(
      names = "--clients",
      paramLabel = "IDS",
      split = ",",
      description = "Clients; '' for all.")
  private @Nullable List<String> clients;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "What its providers call it in aud_tenant; '' for nothing.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--flows",
      paramLabel = "FLOWS",
      description =
          "ema-only: its people get what their identity provider says. both: they may also consent"
              + " by themselves.")
  private Optional<String> flows = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var counter = OrganisationCounter.open(configuration, spec.commandLine().getOut())) {
      counter.find(name);
      counter.told(
          counter.office().custody().change(name, Revision.of(this::changed), counter.by()),
          now -> "The limits are " + now.rules().toJson().toJson() + ".");
    }
  }

  private OrganisationRules changed(OrganisationRules before) throws MalformedException {
    var json = JsonObject.builder();
    tenant
        .or(before::tenant)
        .filter(one -> !one.isBlank())
        .ifPresent(one -> json.put("tenant", one));
    scopes
        .or(() -> before.ceiling().map(Scopes::toString))
        .filter(some -> !some.isBlank())
        .ifPresent(some -> json.put("scopes", some.strip()));
    Optional.ofNullable(clients)
        .or(() -> before.clients().map(ids -> ids.stream().map(ClientId::value).toList()))
        .map(ids -> ids.stream().filter(id -> !id.isBlank()).toList())
        .filter(ids -> !ids.isEmpty())
        .ifPresent(ids -> json.put("clients", ids));
    json.put("flows", flows.orElse(before.flows().value()));
    return OrganisationRules.parse(json.build());
  }
}
