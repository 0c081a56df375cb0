package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Confirmation;
import dev.lanyard.server.ras.administration.OrganisationJson;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.Proof;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard organisation`: the customers of the resource authorization server. A running server
/// learns of every change at once, on every node.
@Command(
    name = "organisation",
    description = "Invites, shows, limits, suspends and removes customer organisations.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      OrganisationInviteCommand.class,
      OrganisationLimitCommand.class,
      OrganisationIssuerCommand.class,
      OrganisationProveCommand.class,
      OrganisationMatchCommand.class
    })
public final class OrganisationCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private OrganisationCounter open(ConfigurationOption configuration) {
    return OrganisationCounter.open(configuration, spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      description = "Lists those of the configuration and those that were invited.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    try (var counter = open(configuration)) {
      counter
          .ras()
          .organisations()
          .forEach(one -> counter.say(json ? OrganisationJson.of(one).toJson() : line(one)));
      counter
          .office()
          .custody()
          .all()
          .forEach(one -> counter.say(json ? counter.json(one).toJson() : line(counter, one)));
    }
    return 0;
  }

  private static String line(Organisation organisation) {
    return "%-24s %-10s %s"
        .formatted(
            organisation.name(),
            "configured",
            organisation.providers().stream()
                .map(one -> one.issuer().value())
                .collect(Collectors.joining(" ")));
  }

  private static String line(OrganisationCounter counter, EnrolledOrganisation organisation) {
    return "%-24s %-10s %s"
        .formatted(
            organisation.name(),
            counter.state(organisation),
            organisation.issuers().stream()
                .map(one -> one.issuer() + " (" + one.stage().value() + ")")
                .collect(Collectors.joining(" ")));
  }

  @Command(
      name = "show",
      description = "Shows everything that is known of one that was invited, as JSON.",
      mixinStandardHelpOptions = true)
  int show(@Mixin ConfigurationOption configuration, @Parameters(paramLabel = "NAME") String name) {
    try (var counter = open(configuration)) {
      counter.say(counter.json(counter.find(name)).toPrettyJson());
    }
    return 0;
  }

  @Command(
      name = "suspend",
      description = "Lets nobody of it in any more, and ends what they have, until it is resumed.",
      mixinStandardHelpOptions = true)
  int suspend(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "suspended by an operator",
              description = "For the record.")
          String reason) {
    return change(
        configuration,
        name,
        "",
        counter -> counter.office().custody().suspend(name, reason, counter.by()));
  }

  @Command(
      name = "resume",
      description = "Lets it in again. What was ended stays ended.",
      mixinStandardHelpOptions = true)
  int resume(
      @Mixin ConfigurationOption configuration, @Parameters(paramLabel = "NAME") String name) {
    return change(
        configuration, name, "", counter -> counter.office().custody().resume(name, counter.by()));
  }

  @Command(
      name = "remove",
      description =
          "Removes it for good: ends what its people have, frees its issuers and domains. Nobody"
              + " gets its name again.",
      mixinStandardHelpOptions = true)
  int remove(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "NAME") String name,
      @Mixin Confirmation confirmation) {
    return change(
        configuration,
        name,
        "",
        counter -> {
          confirmation.demand(Optional.of(name), "This ends the access of everybody at " + name);
          return counter.office().custody().remove(name, counter.by());
        });
  }

  @Command(
      name = "vouch",
      description =
          "Says that a mail domain is an organisation's, on your word instead of a proof.",
      mixinStandardHelpOptions = true)
  int vouch(
      @Mixin ConfigurationOption configuration,
      @Parameters(index = "0", paramLabel = "NAME") String name,
      @Parameters(index = "1", paramLabel = "DOMAIN") String domain) {
    return change(
        configuration,
        name,
        domain + " counts.",
        counter ->
            counter
                .office()
                .domains()
                .add(name, domain, Optional.of(Proof.OPERATOR), counter.by()));
  }

  @Command(
      name = "remove-domain",
      description =
          "Takes a mail domain away, and ends what people have through issuers that may speak for it."
              + " An issuer that a domain alone has proved, and that nobody has come through, has to"
              + " be proved again.",
      mixinStandardHelpOptions = true)
  int removeDomain(
      @Mixin ConfigurationOption configuration,
      @Parameters(index = "0", paramLabel = "NAME") String name,
      @Parameters(index = "1", paramLabel = "DOMAIN") String domain) {
    return change(
        configuration,
        name,
        domain + " counts no more.",
        counter -> counter.office().domains().remove(name, domain, counter.by()));
  }

  @Command(
      name = "remove-issuer",
      description = "Takes an issuer back, and ends what came of it.",
      mixinStandardHelpOptions = true)
  int removeIssuer(
      @Mixin ConfigurationOption configuration,
      @Parameters(index = "0", paramLabel = "NAME") String name,
      @Parameters(index = "1", paramLabel = "ISSUER") String issuer) {
    return change(
        configuration,
        name,
        "",
        counter ->
            counter
                .office()
                .issuers()
                .removeIssuer(
                    name, OrganisationCounter.read(() -> Issuer.parse(issuer)), counter.by()));
  }

  /// Changes one that was invited, and tells how it is now.
  ///
  /// @param done what else there is to tell
  private int change(
      ConfigurationOption configuration,
      String name,
      String done,
      Function<OrganisationCounter, EnrolmentResult> change) {
    try (var counter = open(configuration)) {
      counter.find(name);
      counter.told(change.apply(counter), done);
    }
    return 0;
  }
}
