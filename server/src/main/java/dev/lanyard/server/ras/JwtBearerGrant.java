package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.IdJagVerdict;
import dev.lanyard.protocol.idjag.Reason;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.server.ras.Narrowing.Result.Given;
import dev.lanyard.server.ras.Narrowing.Result.NotGranted;
import dev.lanyard.server.ras.organisations.Meant;
import dev.lanyard.server.ras.organisations.Organisations;
import dev.lanyard.server.ras.organisations.SubjectDecision;
import dev.lanyard.server.ras.organisations.SubjectDecision.Known;
import dev.lanyard.server.ras.organisations.SubjectDecision.Somebody;
import dev.lanyard.server.ras.organisations.SubjectResolution;
import dev.lanyard.server.ras.organisations.SubjectResolution.Resolution;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Refused;
import dev.lanyard.server.token.TokenResult.Unavailable;
import java.util.Optional;

/// Redeems an ID-JAG: is it authentic and meant for us and this client, whom does it mean, may
/// they, and for what.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.4
///   ID-JAG draft-04 §4.4
final class JwtBearerGrant implements Grant {
  private final IdJagValidator validator;
  private final Organisations organisations;
  private final SubjectResolution subjects;
  private final AssertionLife life;
  private final Issuer self;
  private final Narrowing narrowing;
  private final Redemptions redemptions;
  private final Refusals refusals;

  JwtBearerGrant(
      IdJagValidator validator,
      Customers customers,
      AssertionLife life,
      Issuer self,
      Narrowing narrowing,
      Redemptions redemptions,
      Refusals refusals) {
    this.validator = validator;
    this.organisations = customers.organisations();
    this.subjects = customers.subjects();
    this.life = life;
    this.self = self;
    this.narrowing = narrowing;
    this.redemptions = redemptions;
    this.refusals = refusals;
  }

  /// Whose assertions are looked at, and whom they mean.
  record Customers(Organisations organisations, SubjectResolution subjects) {}

  @Override
  public String event() {
    return "token.redeem";
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    if (!request.client().mayRedeem()) {
      return Refused.of(
          ErrorCode.UNAUTHORIZED_CLIENT,
          "only a client that can prove who it is may redeem assertions",
          new Evidence("client", "confidential", "public", "RAS-2"));
    }
    var missingProof = KeyBinding.missingProof(request);
    if (missingProof.isPresent()) {
      return missingProof.get();
    }
    return switch (JwtBearerRequest.parse(request.form())) {
      case JwtBearerRequest.Reading.Valid(var bearer) -> judged(request, bearer);
      case JwtBearerRequest.Reading.Invalid(var error, var fault) ->
          new Refused(error, Findings.of(fault));
    };
  }

  private TokenResult judged(TokenRequest request, JwtBearerRequest bearer) {
    return switch (validator.judge(bearer.assertion().reveal(), request.client().id())) {
      case IdJagVerdict.Accepted(var idJag) -> identified(request, bearer, idJag);
      case IdJagVerdict.Rejected(Reason.UntrustedIssuer(var issuer)) ->
          refused(evidence("iss", "an enrolled issuer", standing(issuer, request), "RAS-4"));
      case IdJagVerdict.Rejected(Reason.UnknownConfirmation unmet) -> unprovable(unmet);
      case IdJagVerdict.Rejected(var reason) -> refused(reason.evidence());
      case IdJagVerdict.Undecided(var why) -> Unavailable.because(why);
    };
  }

  /// For the administrator of an organisation that wonders why nobody comes in.
  private String standing(String issuer, TokenRequest request) {
    return organisations
        .claimant(new Issuer(issuer))
        .map(one -> issuer + " of " + one.name() + ", which is " + one.state(request.at()))
        .orElse(issuer);
  }

  private TokenResult identified(TokenRequest request, JwtBearerRequest bearer, IdJag idJag) {
    var enrolled = organisations.member(idJag.issuer());
    if (enrolled.isEmpty()) {
      return about(idJag, refused(evidence("iss", "an enrolled issuer", "removed", "RAS-4")));
    }
    var member = enrolled.get();
    if (!member.organisation().allows(request.client().id())) {
      return about(
          idJag,
          refusals.notPermitted(evidence("client", "allowed by the organisation", "not", "RAS-4")));
    }
    var meant = Meant.by(idJag);
    var unconfirmed = member.confirmationFault(meant, request.at());
    if (unconfirmed.isPresent()) {
      return about(idJag, refusals.notPermitted(unconfirmed.get()));
    }
    return switch (subjects.decide(
        meant, member.organisation().name(), member.provider().people())) {
      case SubjectDecision.Nobody(var evidence) -> about(idJag, refused(evidence));
      case Somebody whom ->
          authorized(
              request, bearer, new Presented<>(idJag, member, whom, life.madeAt(idJag), self));
    };
  }

  private TokenResult authorized(
      TokenRequest request, JwtBearerRequest bearer, Presented<Somebody> presented) {
    var dead = dead(presented, request);
    if (dead.isPresent()) {
      return dead.get();
    }
    return switch (narrowing.of(presented.idJag(), presented.member().organisation(), bearer)) {
      case NotGranted(var refused) -> about(presented, refused);
      case Given(var granted) when life.stopped(granted.identifiers()).isPresent() ->
          new Unavailable(
              "an administrator has stopped the connector",
              presented
                  .findings()
                  .with(
                      JsonObject.builder()
                          .put("stopped", granted.identifiers().toString())
                          .build()));
      case Given(var granted) ->
          KeyBinding.fault(request, presented.idJag(), granted.resources())
              .or(() -> refusals.signIn(granted.resources(), presented.idJag(), request.at()))
              .<TokenResult>map(refused -> about(presented, refused))
              .orElseGet(() -> redeemed(request, bearer, presented, granted));
    };
  }

  private Optional<Refused> dead(Presented<?> presented, TokenRequest request) {
    return presented
        .whom()
        .here()
        .flatMap(SubjectResolution::fault)
        .map(refusals::notPermitted)
        .or(() -> life.death(presented, request.client()).map(JwtBearerGrant::refused))
        .map(refused -> about(presented, refused));
  }

  /// The first good assertion of an issuer that waits for it makes the issuer active, and the first
  /// of a subject its person known: here, where everything about it is found good, and before
  /// anything is given.
  private TokenResult redeemed(
      TokenRequest request,
      JwtBearerRequest bearer,
      Presented<Somebody> presented,
      Granted granted) {
    var spent = redemptions.spent(presented, bearer.assertion());
    if (spent.isPresent()) {
      return spent.get();
    }
    var member = presented.member();
    if (member.pending().isPresent()
        && !organisations.activate(member, presented.idJag().id(), request.correlationId())) {
      return about(
          presented, refused(evidence("enrolment", "pending", "taken back or over", "RAS-22")));
    }
    return switch (subjects.write(presented.whom())) {
      case Resolution.NotFound(var evidence) -> about(presented, refused(evidence));
      case Resolution.Found(var known) -> given(request, bearer, presented.of(known), granted);
    };
  }

  private TokenResult given(
      TokenRequest request, JwtBearerRequest bearer, Presented<Known> presented, Granted granted) {
    // Whom the subject means may have been written by another request since it was decided.
    return dead(presented, request)
        .<TokenResult>map(refused -> refused)
        .orElseGet(() -> redemptions.redeem(request, bearer.assertion(), presented, granted));
  }

  private static Evidence evidence(
      String check, String expected, String actual, String requirement) {
    return new Evidence(check, expected, actual, requirement);
  }

  private static Refused refused(Evidence evidence) {
    return Refused.of(
        ErrorCode.INVALID_GRANT, "the assertion is not good, get a new one", evidence);
  }

  /// A new one would be bound in the same way.
  private static Refused unprovable(Reason.UnknownConfirmation unmet) {
    return Refused.of(
        ErrorCode.INVALID_GRANT,
        "the assertion is bound in a way that cannot be proved here: only jkt (DPoP) can",
        unmet.evidence());
  }

  private static Refused about(Presented<?> presented, Refused refused) {
    var findings = presented.findings();
    return new Refused(refused.error(), findings.with(refused.findings().evidence()));
  }

  private static Refused about(IdJag idJag, Refused refused) {
    return new Refused(refused.error(), refused.findings().with(Presented.describing(idJag)));
  }
}
