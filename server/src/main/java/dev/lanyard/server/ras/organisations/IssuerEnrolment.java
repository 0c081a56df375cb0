package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.oauth.Issuer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// An issuer that an organisation has named as its own, as far as its enrolment is.
///
/// @param challenge the one-time value that proves it; no secret
/// @param proof how it was proved, once it was
/// @param due until when the next stage must be reached; means nothing once it is active
public record IssuerEnrolment(
    Issuer issuer,
    Preset preset,
    Stage stage,
    String challenge,
    Optional<Proof> proof,
    IssuerRules rules,
    Instant due) {

  /// Whether it came to nothing in time.
  public boolean isOver(Instant now) {
    return stage != Stage.ACTIVE && !now.isBefore(due);
  }

  /// Whether it is named and its proof is waited for.
  public boolean waitsForProof(Instant now) {
    return stage == Stage.CLAIMED && !isOver(now);
  }

  /// Whether a domain alone has proved it, and it has not confirmed that.
  public boolean restsOnDomain() {
    return stage != Stage.ACTIVE && proof.equals(Optional.of(Proof.DOMAIN));
  }

  /// Named, and nothing of it proved any more. What is published for the value of before proves
  /// nothing.
  ///
  /// @param value a new one-time value
  public IssuerEnrolment claimedAnew(String value) {
    return new IssuerEnrolment(issuer, preset, Stage.CLAIMED, value, Optional.empty(), rules, due);
  }

  /// Proved, and not switched on.
  public IssuerEnrolment proved(Proof how, Instant until) {
    return new IssuerEnrolment(
        issuer, preset, Stage.PROVEN, challenge, Optional.of(how), rules, until);
  }

  /// Waiting for its first good assertion.
  public IssuerEnrolment switchedOn(IssuerRules by, Instant until) {
    return new IssuerEnrolment(issuer, preset, Stage.PENDING, challenge, proof, by, until);
  }

  /// As far as before, with other rules.
  public IssuerEnrolment with(IssuerRules others) {
    return new IssuerEnrolment(issuer, preset, stage, challenge, proof, others, due);
  }

  /// As redemption takes it.
  ///
  /// @param domains those that its organisation has proved
  public IdentityProvider provider(Set<String> domains) {
    return new IdentityProvider(
        issuer,
        rules.algorithms(),
        rules.keys(),
        rules.tenant(),
        new Matching(
            domains,
            rules.linkByEmail() && !domains.isEmpty(),
            rules.createPeople(),
            rules.nameId()),
        ReplayPolicy.named(rules.replay()),
        rules.carryActor(),
        rules.revocationCaller());
  }
}
