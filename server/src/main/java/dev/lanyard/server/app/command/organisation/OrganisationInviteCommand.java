package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.ras.administration.OrganisationRoutes;
import dev.lanyard.server.ras.enrolment.Invitation;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import dev.lanyard.server.yaml.Durations;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard organisation invite`: the codes that let an organisation's administrator in.
@Command(
    name = "invite",
    description =
        "Invites an organisation and shows the code for its administrator, this once; for one that"
            + " is here already, --again makes another code.",
    mixinStandardHelpOptions = true)
final class OrganisationInviteCommand implements Runnable {
  private static final List<String> OF_THE_FIRST =
      List.of("--domain", "--vouch-domain", "--scope", "--client", "--tenant", "--valid");

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "NAME", description = "Under which its people are kept: a-z, 0-9, -")
  private String name = "";

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      split = ",",
      description = "A mail domain of its, which it has to prove.")
  private @Nullable List<String> domains;

  @Option(
      names = "--vouch-domain",
      paramLabel = "DOMAIN",
      split = ",",
      description = "A mail domain of its that counts on your word.")
  private @Nullable List<String> vouched;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      split = ",",
      description = "The scopes that its people may have at most (default: no limit).")
  private @Nullable List<String> scopes;

  @Option(
      names = "--client",
      paramLabel = "ID",
      split = ",",
      description = "The clients that they may come through (default: all).")
  private @Nullable List<String> clients;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "What its providers call it in aud_tenant.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--valid",
      paramLabel = "DURATION",
      description = "How long the invitation holds (default: 7d).")
  private Optional<String> life = Optional.empty();

  @Option(
      names = "--again",
      description =
          "Another code, good for a day; the ones before lead nowhere any more. Nothing else of the"
              + " invitation changes.")
  private boolean again;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    refuseBesideAgain();
    try (var counter = OrganisationCounter.open(configuration, spec.commandLine().getOut())) {
      if (!counter.ras().enrolment().enabled()) {
        throw new CommandFailure(
            "nobody could follow the invitation: set ras.enrolment.enabled to true, so that the"
                + " page is served");
      }
      var invitations = counter.office().invitations();
      var coded =
          again
              ? invitations.link(name, counter.by())
              : invitations.invite(OrganisationCounter.read(this::invitation), counter.by());
      switch (coded) {
        case Coded.Made made -> say(counter, made);
        case Coded.Refused(var problem) -> throw OrganisationCounter.failure(problem);
      }
    }
  }

  private void refuseBesideAgain() {
    var given = spec.commandLine().getParseResult();
    OF_THE_FIRST.stream()
        .filter(option -> again && given.hasMatchedOption(option))
        .findFirst()
        .ifPresent(option -> {
          throw CommandFailure.ofUsage(
              "--again makes another code, good for a day, and changes nothing else: leave out "
                  + option
                  + ". Nothing was done");
        });
  }

  private Invitation invitation() {
    return new Invitation(
        name,
        names(domains),
        names(vouched),
        new OrganisationRules(
            tenant,
            Optional.ofNullable(clients)
                .map(ids -> ids.stream().map(ClientId::new).collect(Collectors.toSet())),
            Optional.ofNullable(scopes).map(Scopes::of),
            Flows.EMA_ONLY),
        life.map(Durations::parse).orElse(Invitation.DEFAULT_LIFE));
  }

  private static Set<DomainName> names(@Nullable List<String> domains) {
    return domains == null
        ? Set.of()
        : domains.stream().map(DomainName::parse).collect(Collectors.toSet());
  }

  private void say(OrganisationCounter counter, Coded.Made made) {
    var page = OrganisationRoutes.page(counter.ras().issuer());
    if (json) {
      counter.say(
          counter
              .json(made.organisation())
              .with(
                  JsonObject.builder()
                      .put("page", page.toString())
                      .put("code", made.code().reveal())
                      .build())
              .toJson());
      return;
    }
    counter.say(
        """
        %s is %s. Give this to its administrator; the code is shown this once and works once:
          page  %s
          code  %s\
        """
            .formatted(
                made.organisation().name(),
                counter.state(made.organisation()),
                page,
                made.code().reveal()));
  }
}
