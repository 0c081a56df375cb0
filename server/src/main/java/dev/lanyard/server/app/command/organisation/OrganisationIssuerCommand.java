package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.IssuerRules;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard organisation issuer`: the rules of one issuer.
@Command(
    name = "issuer",
    description =
        "Sets the rules of one of its issuers. What is not named stays; what a new rule takes away"
            + " ends at once.",
    mixinStandardHelpOptions = true)
final class OrganisationIssuerCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(index = "0", paramLabel = "NAME")
  private String name = "";

  @Parameters(index = "1", paramLabel = "ISSUER")
  private String issuer = "";

  @Option(
      names = "--link-by-email",
      arity = "1",
      paramLabel = "true|false",
      description = "Whether an address of a proved domain identifies a person who is known.")
  private Optional<Boolean> linkByEmail = Optional.empty();

  @Option(
      names = "--create-people",
      arity = "1",
      paramLabel = "true|false",
      description = "Whether people who are not known are created at first sight.")
  private Optional<Boolean> createPeople = Optional.empty();

  @Option(
      names = "--name-id",
      paramLabel = "MEMBER=VALUE",
      description =
          "What a SAML NameID in `sub_id` means, member by member: issuer (the SAML entity id),"
              + " means (user_name or email), required (true or false), format, name_qualifier,"
              + " sp_name_qualifier. The members that are named are the whole rule.")
  private @Nullable Map<String, String> nameId;

  @Option(names = "--no-name-id", description = "A NameID means nobody.")
  private boolean noNameId;

  @Option(
      names = "--carry-actor",
      arity = "1",
      paramLabel = "true|false",
      description = "Whether what it says in `act` goes into tokens and the record.")
  private Optional<Boolean> carryActor = Optional.empty();

  @Option(
      names = "--replay",
      paramLabel = "POLICY",
      description = "single-use, single-use+grace or reusable-until-exp.")
  private Optional<String> replay = Optional.empty();

  @Option(
      names = "--issuer-tenant",
      paramLabel = "TENANT",
      description = "The only `tenant` accepted from it; '' for none.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--algorithms",
      paramLabel = "NAMES",
      split = ",",
      description = "What it may sign with: ES256, ES384, RS256, PS256, EdDSA.")
  private @Nullable List<String> algorithms;

  @Option(
      names = "--refuse-key",
      paramLabel = "KEY",
      split = ",",
      description = "A key that counts no more, by its kid or thumbprint: it is in wrong hands.")
  private @Nullable List<String> refused;

  @Option(
      names = "--pin-key",
      paramLabel = "THUMBPRINT",
      split = ",",
      description = "From now on only the pinned keys count, this one too.")
  private @Nullable List<String> pinned;

  @Option(names = "--unpin", description = "Every key that it publishes counts again.")
  private boolean unpin;

  @Option(
      names = "--revocation-caller",
      paramLabel = "SUB",
      description =
          "The `sub` under which it may call to end people's sessions and tokens (Universal"
              + " Logout), such as the client id of this server there; '' for none.")
  private Optional<String> revocationCaller = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    notBoth("--unpin", unpin, "--pin-key", pinned != null);
    notBoth("--no-name-id", noNameId, "--name-id", nameId != null);
    try (var counter = OrganisationCounter.open(configuration, spec.commandLine().getOut())) {
      var named = OrganisationCounter.read(() -> Issuer.parse(issuer));
      counter.find(name);
      counter.told(
          counter.office().issuers().change(name, named, Revision.of(this::changed), counter.by()),
          now -> "The rules are " + rules(now, named).toJson().toJson() + ".");
    }
  }

  private static void notBoth(String one, boolean isOne, String other, boolean isOther) {
    if (isOne && isOther) {
      throw CommandFailure.ofUsage(
          one + " and " + other + " contradict each other; name one. Nothing was changed");
    }
  }

  private static IssuerRules rules(EnrolledOrganisation organisation, Issuer issuer) {
    return organisation.issuer(issuer).map(IssuerEnrolment::rules).orElseThrow();
  }

  private IssuerRules changed(IssuerRules before) throws MalformedException {
    var json =
        JsonObject.builder()
            .put("link_by_email", linkByEmail.orElse(before.linkByEmail()))
            .put("create_people", createPeople.orElse(before.createPeople()))
            .put("carry_actor", carryActor.orElse(before.carryActor()))
            .put("replay", replay.orElse(before.replay()))
            .putIfPresent("tenant", tenant.or(before::tenant))
            .putIfPresent("revocation_caller", revocationCaller.or(before::revocationCaller))
            .put("refused_keys", with(before.keys().refused(), refused))
            .put("pinned_keys", unpin ? List.of() : with(before.keys().pinned(), pinned));
    nameIdAfter(before).ifPresent(rule -> json.put("name_id", rule));
    var names =
        algorithms == null ? before.toJson().strings("algorithms").orElseThrow() : algorithms;
    return IssuerRules.parse(json.put("algorithms", names).build());
  }

  private Optional<JsonObject> nameIdAfter(IssuerRules before) throws MalformedException {
    if (noNameId) {
      return Optional.empty();
    }
    if (nameId == null) {
      return before.toJson().object("name_id");
    }
    var json = JsonObject.builder();
    for (var member : nameId.entrySet()) {
      var value = member.getValue();
      if (member.getKey().equals("required") && value.matches("true|false")) {
        json.put("required", Boolean.parseBoolean(value));
      } else {
        json.put(member.getKey(), value);
      }
    }
    return Optional.of(json.build());
  }

  private static List<String> with(Set<String> before, @Nullable List<String> more) {
    var all = new LinkedHashSet<>(before);
    if (more != null) {
      all.addAll(more);
    }
    return List.copyOf(all);
  }
}
