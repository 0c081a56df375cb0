package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.ras.enrolment.DomainRights.Right;
import dev.lanyard.server.ras.organisations.AccessTable;
import dev.lanyard.server.ras.organisations.AccessTable.FormerCode;
import dev.lanyard.server.ras.organisations.AccessTable.Kind;
import dev.lanyard.server.ras.organisations.DomainName;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Standing;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// Who is invited, and who may come in as an organisation's administrator: with a one-time code
/// that the operator hands over, exchanged for the cookie of one browser. Both are kept as hashes.
public final class Invitations {
  /// How long a code lets in that was made for an organisation that is there.
  public static final Duration CODE_LIFE = Duration.ofHours(24);

  /// How long the cookie does.
  public static final Duration VISIT = AccessTable.VISIT;

  /// So that scanners of source code and mail know what they have found.
  private static final String PREFIX = "lanyard_invitation_";

  private static final Problem UNKNOWN =
      new Problem("unknown_code", "there is no such code, or not any more");

  private final Ledger ledger;
  private final Reserved reserved;
  private final DomainRights domains;

  Invitations(Ledger ledger, Reserved reserved, DomainRights domains) {
    this.ledger = ledger;
    this.reserved = reserved;
    this.domains = domains;
  }

  /// What became of the wish for a code.
  public sealed interface Coded {
    /// @param code to be shown once
    record Made(EnrolledOrganisation organisation, Secret code) implements Coded {}

    record Refused(Problem problem) implements Coded {}
  }

  /// Who comes in.
  ///
  /// @param cookie for one browser, for [#VISIT]
  public record Visit(String organisation, Secret cookie) {}

  /// Invites somebody who is not here yet, or whose earlier invitation came to nothing.
  public Coded invite(Invitation invitation, By by) {
    var code = code();
    var name = invitation.name();
    var now = ledger.now();
    if (reserved.names().contains(name)) {
      var detail = "an organisation '" + name + "' is in the configuration; choose another name";
      return coded(ledger.refuse(by, "invited", name, new Problem("name_taken", detail)), code);
    }
    var result =
        ledger.change(
            by,
            "invited",
            name,
            tables -> tables.insert(name, invitation.rules(), now.plus(invitation.life()), now),
            (tables, known) -> invited(invitation, tables, known, code));
    return coded(result, code);
  }

  private Step.Outcome invited(
      Invitation invitation, OrganisationTables tables, EnrolledOrganisation known, Secret code)
      throws SQLException {
    var now = ledger.now();
    var name = invitation.name();
    var state = known.state(now);
    if (!state.equals("invited") && !state.equals("expired")) {
      return Step.not(
          "name_taken",
          "'%s' is here and is %s; another way in: `lanyard organisation invite %s --again`"
              .formatted(name, state, name));
    }
    var due = now.plus(invitation.life());
    tables.setRules(name, invitation.rules());
    tables.setDue(name, due);
    tables.withdrawAll(name);
    tables.access().invite(name, code, due);
    return switch (domains.claim(tables, known, invitation.domains(), invitation.vouched(), now)) {
      case Right.Refused(var problem) -> new Step.NotTaken(problem);
      case Right.Given given ->
          Step.Taken.of(evidence(invitation, due).with(given.evidence())).changing(given.others());
    };
  }

  private static JsonObject evidence(Invitation invitation, Instant due) {
    return JsonObject.builder()
        .put("domains", invitation.domains().stream().map(DomainName::value).toList())
        .put("vouched", invitation.vouched().stream().map(DomainName::value).toList())
        .put("rules", invitation.rules().toJson())
        .put("until", due.toString())
        .build();
  }

  /// Makes another way in; the ones before lead nowhere any more.
  public Coded link(String name, By by) {
    var code = code();
    return coded(
        ledger.change(
            by,
            "link",
            name,
            (tables, known) -> {
              if (known.standing() != Standing.OPEN) {
                return Step.not("suspended", name + " is suspended; resume it first");
              }
              if (tables.isStopped(name)) {
                return Step.not(
                    "stopped", "a kill has stopped " + name + ", or everything; lift it first");
              }
              var until = ledger.now().plus(CODE_LIFE);
              tables.withdrawAll(name);
              tables.access().invite(name, code, until);
              return Step.Taken.of(JsonObject.builder().put("until", until.toString()).build());
            }),
        code);
  }

  private static Secret code() {
    return new Secret(PREFIX + OpaqueToken.secret().reveal());
  }

  private static Coded coded(EnrolmentResult result, Secret code) {
    return switch (result) {
      case EnrolmentResult.Done(var organisation) -> new Coded.Made(organisation, code);
      case EnrolmentResult.Refused(var problem) -> new Coded.Refused(problem);
    };
  }

  /// Exchanges a code for a cookie. Of several who bring it at once, one comes in. A code that lets
  /// nobody in is recorded with whose it was: it may have been stolen.
  ///
  /// @param mayRecord whether a refusal may have a record of its own, which anybody can cause;
  ///   asked with what would be recorded
  public Optional<Visit> enter(Secret code, By by, Predicate<String> mayRecord) {
    var now = ledger.now();
    var name =
        ledger
            .database()
            .read(connection -> new OrganisationTables(connection).access().invited(code, now));
    if (name.isEmpty()) {
      refuse(code, by, mayRecord);
      return Optional.empty();
    }
    var cookie = OpaqueToken.secret();
    var result =
        ledger.change(
            by,
            "entered",
            name.get(),
            (tables, known) -> {
              if (tables.isStopped(name.get())) {
                return Step.not("stopped", "a kill has stopped the organisation, or everything");
              }
              if (known.standing() != Standing.OPEN || !tables.access().use(code)) {
                return Step.not("used", "the code has been used, or is not good any more");
              }
              tables.access().visit(name.get(), cookie, ledger.now(), Optional.empty());
              return Step.Taken.of(JsonObject.EMPTY);
            });
    return result instanceof EnrolmentResult.Done
        ? Optional.of(new Visit(name.get(), cookie))
        : Optional.empty();
  }

  private void refuse(Secret code, By by, Predicate<String> mayRecord) {
    var former =
        ledger
            .database()
            .read(connection -> new OrganisationTables(connection).access().formerCode(code));
    var problem = former.map(one -> problem(one.kind())).orElse(UNKNOWN);
    ledger.refuseAnybody(by, "entered", former.map(FormerCode::organisation), problem, mayRecord);
  }

  private static Problem problem(Kind kind) {
    return switch (kind) {
      case USED -> new Problem("used", "the code has been used");
      case WITHDRAWN ->
          new Problem("withdrawn", "another code was made, nobody may enter, or a kill ended it");
      case CODE -> new Problem("expired", "the time of the code is over");
      case COOKIE -> UNKNOWN;
    };
  }

  /// Records that somebody was turned away who is no visitor, or sends what is not from our page.
  public void turnedAway(By by, Problem problem, Predicate<String> mayRecord) {
    ledger.refuseAnybody(by, "turned-away", Optional.empty(), problem, mayRecord);
  }

  /// Whose administrator holds this cookie, unless a kill has ended the visit.
  public Optional<EnrolledOrganisation> visitor(Secret cookie) {
    return ledger
        .database()
        .read(connection -> visited(new OrganisationTables(connection), cookie))
        .filter(one -> one.standing() == Standing.OPEN);
  }

  private Optional<EnrolledOrganisation> visited(OrganisationTables tables, Secret cookie)
      throws SQLException {
    var name = tables.access().visited(cookie, ledger.now());
    return name.isPresent() ? tables.find(name.get()) : Optional.empty();
  }

  /// Ends a visit.
  public void leave(Secret cookie) {
    var _ =
        ledger
            .database()
            .write(connection -> new OrganisationTables(connection).access().withdraw(cookie));
  }
}
