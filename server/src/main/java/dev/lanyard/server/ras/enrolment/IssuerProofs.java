package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.ras.enrolment.DomainRights.Right;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// The step from a claimed issuer to a proven one. Of several organisations that prove one at once,
/// one gets it.
final class IssuerProofs {
  private final Ledger ledger;

  IssuerProofs(Ledger ledger) {
    this.ledger = ledger;
  }

  static Problem taken(Issuer issuer) {
    return new Problem("issuer_taken", issuer + " is another organisation's");
  }

  /// Looks for the proof outside of any transaction.
  interface Look {
    Optional<String> missing(IssuerEnrolment claim);
  }

  /// What a proof rests on, which must be the organisation's when the proof is taken.
  interface Footing {
    Right take(OrganisationTables tables) throws SQLException;
  }

  /// Proves an issuer by what rests on nothing else.
  EnrolmentResult prove(String name, Issuer issuer, By by, Proof proof, Look look) {
    return prove(name, issuer, by, proof, look, _ -> new Right.Given(List.of()));
  }

  EnrolmentResult prove(
      String name, Issuer issuer, By by, Proof proof, Look look, Footing footing) {
    var claim =
        ledger
            .find(name)
            .flatMap(one -> one.issuer(issuer))
            .filter(one -> one.waitsForProof(ledger.now()));
    if (claim.isEmpty()) {
      return ledger.refuse(
          by,
          "proven",
          name,
          new Problem("not_claimed", "name the issuer first; its proof is not waited for"));
    }
    var missing = look.missing(claim.get());
    if (missing.isPresent()) {
      return ledger.refuse(by, "proven", name, new Problem("no_proof", missing.get()));
    }
    return ledger.change(
        by, "proven", name, (tables, known) -> proven(tables, known, claim.get(), proof, footing));
  }

  private Step.Outcome proven(
      OrganisationTables tables,
      EnrolledOrganisation known,
      IssuerEnrolment claim,
      Proof proof,
      Footing footing)
      throws SQLException {
    // What was looked for must still be what is waited for.
    var current = known.issuer(claim.issuer()).filter(one -> one.waitsForProof(ledger.now()));
    if (current.filter(one -> one.challenge().equals(claim.challenge())).isEmpty()) {
      return Step.not("not_claimed", "the issuer was named anew meanwhile; prove that");
    }
    var holder = tables.holder(claim.issuer()).filter(other -> !other.equals(known.name()));
    if (holder.isPresent()) {
      makeWay(tables, holder.get(), claim.issuer(), proof);
    }
    if (!tables.claimTrust(known.name(), claim.issuer())) {
      return new Step.NotTaken(taken(claim.issuer()));
    }
    return switch (footing.take(tables)) {
      case Right.Refused(var problem) -> new Step.NotTaken(problem);
      case Right.Given given -> {
        var due = ledger.now().plus(Enrolment.PATIENCE);
        // The operator may have refused a key at another organisation since this one named it.
        var refused = tables.refusedKeys().ofOperator(claim.issuer());
        var proved = current.get().proved(proof, due);
        tables.put(known.name(), proved.with(proved.rules().refusing(refused)), ledger.now());
        var others = new HashSet<>(given.others());
        holder.ifPresent(others::add);
        var evidence = IssuerRevisions.about(claim.issuer()).put("proof", proof.value()).build();
        yield Step.Taken.of(evidence.with(given.evidence())).changing(others);
      }
    };
  }

  /// A claim that came to nothing in time holds nobody up. Nor does one that a domain alone has
  /// proved and the issuer has not confirmed: whoever proves the issuer itself has the better
  /// right.
  private void makeWay(OrganisationTables tables, String holder, Issuer issuer, Proof proof)
      throws SQLException {
    var held = tables.lock(holder, ledger.now()).flatMap(one -> one.issuer(issuer));
    if (held.isEmpty()) {
      tables.releaseTrust(holder, issuer);
      return;
    }
    var other = held.get();
    boolean isWeaker = other.restsOnDomain() && proof != Proof.DOMAIN;
    if (other.isOver(ledger.now()) || isWeaker) {
      tables.releaseTrust(holder, issuer);
      tables.put(holder, other.claimedAnew(OpaqueToken.identifier()), ledger.now());
    }
  }
}
