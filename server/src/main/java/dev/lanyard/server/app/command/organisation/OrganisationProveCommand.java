package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagClaims;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard organisation prove`: for the other side. Whoever runs a broker here signs the proof
/// with which it enrols at a resource authorization server elsewhere.
@Command(
    name = "prove",
    description =
        "Prints an ID-JAG of this broker that proves to another resource authorization server that"
            + " the broker is yours. It is good for five minutes and for nothing else.",
    mixinStandardHelpOptions = true)
final class OrganisationProveCommand implements Runnable {
  private static final Duration LIFE = Duration.ofMinutes(5);

  /// No client has this name, so that the assertion cannot be redeemed.
  private static final String NOBODY = "lanyard-challenge";

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--at",
      required = true,
      paramLabel = "ISSUER",
      description = "The resource authorization server, exactly as its page says.")
  private String server = "";

  @Parameters(paramLabel = "VALUE", description = "The one-time value of its page.")
  private String value = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var config = configuration.read();
    var broker =
        config
            .broker()
            .orElseThrow(() -> new CommandFailure("there is no broker in this configuration"))
            .config();
    var audience = OrganisationCounter.read(() -> Issuer.parse(server));
    var clock = Clock.systemUTC();
    try (var office = Office.open(config, clock)) {
      var keys =
          KeyRing.open(
              office.database(),
              config.keySafe(clock),
              clock,
              Lanyard.BROKER,
              Broker.PURPOSES,
              SigningAlgorithm.ES256);
      var now = clock.instant();
      var claims =
          new IdJagClaims(broker.issuer(), NOBODY, audience, new ClientId(NOBODY))
              .build(value, now, now.plus(LIFE));
      var evidence =
          JsonObject.builder().put("audience", audience.value()).put("by", "command line").build();
      new AuditLog(office.database())
          .append(
              AuditEvent.of(
                  "organisation.prove", Outcome.SUCCESS, now, office.correlationId(), evidence));
      var out = spec.commandLine().getOut();
      out.println(new JwtSigner(keys.active(Purpose.ID_JAG), IdJag.TYPE).sign(claims));
      out.flush();
    }
  }
}
