package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.revocation.Revocation;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Function;

/// Everything that operators and administrators of organisations do, in a server and at the command
/// line beside it.
///
/// @param invitations who is invited and who comes in
/// @param issuers whom they trust
/// @param domains the mail domains
/// @param custody limits, suspension, removal
/// @param administrators who comes back without a code
public record EnrolmentOffice(
    Invitations invitations,
    Enrolment issuers,
    DomainClaims domains,
    Custody custody,
    Administrators administrators) {

  /// What the office stands on.
  ///
  /// @param egress the only way out
  /// @param again ends later what was given meanwhile
  /// @param skew how far clocks of others may differ
  public record Ground(
      Database database,
      Revocation revocation,
      SecondKills again,
      EgressClient egress,
      ClockSkew skew,
      InstantSource clock) {}

  /// @param self the resource authorization server
  /// @param reserved what the configuration has
  public static EnrolmentOffice of(Issuer self, Reserved reserved, Ground ground) {
    return of(self, reserved, ground, Surroundings.DomainDocuments.AT_THE_DOMAIN::of);
  }

  /// The same for tests, whose domains are nowhere.
  ///
  /// @param documents where the document of a domain is
  public static EnrolmentOffice of(
      Issuer self, Reserved reserved, Ground ground, Function<String, URI> documents) {
    var ledger = new Ledger(ground.database(), ground.revocation(), ground.again(), ground.clock());
    var surroundings = new Surroundings(ground.egress(), documents::apply, ground.clock());
    var rights = new DomainRights(reserved);
    var looks = new Looks(surroundings, ground.clock());
    return new EnrolmentOffice(
        new Invitations(ledger, reserved, rights),
        new Enrolment(
            self,
            ledger,
            reserved,
            rights,
            surroundings,
            looks,
            new AssertionProof(self, ground.egress(), ground.skew(), ground.clock())),
        new DomainClaims(self, ledger, rights, surroundings),
        new Custody(ledger),
        new Administrators(
            self, ledger, looks, new SignInThere(ground.egress(), ground.skew(), ground.clock())));
  }
}
