package dev.lanyard.server.app.node;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.Reserved;
import dev.lanyard.server.ras.enrolment.SecondKills;
import dev.lanyard.server.revocation.Revocation;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The enrolment of organisations as this configuration has it, for the server and for commands
/// beside it.
public final class Enrolments {
  private Enrolments() {}

  public static EnrolmentOffice office(
      Configuration config,
      RasConfig ras,
      Database database,
      Revocation revocation,
      InstantSource clock) {
    return EnrolmentOffice.of(
        ras.issuer(),
        Reserved.of(ras.issuer(), ras.organisations(), names(config)),
        new EnrolmentOffice.Ground(
            database,
            revocation,
            secondKills(config, database, revocation, clock),
            new EgressClient(config.outbound()),
            ClockSkew.DEFAULT,
            clock));
  }

  /// What ends once more what a rule has taken away.
  static SecondKills secondKills(
      Configuration config, Database database, Revocation revocation, InstantSource clock) {
    return new SecondKills(
        database,
        revocation,
        new Outbox(database, new DeliveryAudit(), clock),
        config.database().lateness(),
        clock);
  }

  /// Under these names people are kept already.
  private static Set<String> names(Configuration config) {
    return Stream.concat(
            config.broker().map(Served::config).map(broker -> broker.organisation()).stream(),
            config.scim().connections().stream().map(one -> one.organisation()))
        .collect(Collectors.toSet());
  }

  /// Takes back what came to nothing in time.
  static void expire(EnrolmentOffice office) {
    office.custody().expire(new By("upkeep", "upkeep"));
  }
}
