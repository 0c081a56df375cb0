package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.jose.VerifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Statement.Kind;
import java.util.List;
import java.util.function.Supplier;

/// Whether what is in the database may be put in force: judged by signatures of people in the
/// approvers file, whoever wrote the rows. Every node judges for itself. Thread-safe.
///
/// It proves that the holders of two different keys, whose names an administrator of this machine
/// wrote into the file, signed exactly this step. It does not prove that the two are not the same
/// human being with two keys, nor anything against whoever can change files of this machine.
public final class Trust {
  private final String installation;
  private final Supplier<Approvers> approvers;

  /// @param installation the issuer of this installation: a statement for another one is worth
  ///   nothing here
  public Trust(String installation, Supplier<Approvers> approvers) {
    this.installation = installation;
    this.approvers = approvers;
  }

  String installation() {
    return installation;
  }

  Approvers approvers() {
    return approvers.get();
  }

  /// Whether a publication may be put in force.
  public sealed interface Verdict {
    record Trusted() implements Verdict {}

    record Distrusted(String why) implements Verdict {}
  }

  /// Whether a signed statement is what it must be.
  sealed interface Reading {
    record Genuine(Approver author) implements Reading {}

    record Refused(String why) implements Reading {}
  }

  /// Judges a step that two people agreed on.
  Verdict ofApproved(Proposal proposal, Answer answer) {
    var step = step(proposal.number(), proposal.base(), proposal.version());
    var proposed = read(proposal.statement(), Kind.PROPOSE, step, "");
    var approved = read(answer.statement(), Kind.APPROVE, step, proposal.id());
    if (!(proposed instanceof Reading.Genuine(var proposer))) {
      return distrusted("the proposal", proposed);
    }
    if (!(approved instanceof Reading.Genuine(var approver))) {
      return distrusted("the approval", approved);
    }
    // Two names with one key cannot be in the file; both are compared all the same.
    return proposer.name().equals(approver.name())
            || proposer.key().thumbprint().equals(approver.key().thumbprint())
        ? new Verdict.Distrusted("proposer and approver are one person, " + proposer.name())
        : new Verdict.Trusted();
  }

  /// Judges a step that one person took alone.
  Verdict ofEmergency(long number, String base, String version, String statement) {
    var read = read(statement, Kind.EMERGENCY, step(number, base, version), "");
    return read instanceof Reading.Genuine
        ? new Verdict.Trusted()
        : distrusted("the emergency statement", read);
  }

  /// Judges what somebody else than the publisher says of a step that was taken alone.
  Verdict ofReview(Publication publication, String statement) {
    var step = step(publication.number(), publication.base(), publication.version());
    return switch (read(statement, Kind.REVIEW, step, "")) {
      case Reading.Genuine(var author) when author.name().equals(publication.said().by()) ->
          new Verdict.Distrusted("nobody reviews what they published themselves");
      case Reading.Genuine _ -> new Verdict.Trusted();
      case Reading.Refused refused -> distrusted("the review", refused);
    };
  }

  /// Judges a statement that stands for itself.
  Verdict ofStatement(String statement, Kind kind, Statement.Subject step, String proposal) {
    var read = read(statement, kind, step, proposal);
    return read instanceof Reading.Genuine
        ? new Verdict.Trusted()
        : distrusted("the statement", read);
  }

  private static Verdict distrusted(String what, Reading reading) {
    var why = reading instanceof Reading.Refused(var reason) ? reason : "not genuine";
    return new Verdict.Distrusted(what + ": " + why);
  }

  Statement.Subject step(long number, String base, String version) {
    return new Statement.Subject(installation, number, base, version);
  }

  /// Reads a statement that must say exactly this. Whose name it bears must have signed it.
  Reading read(String compact, Kind kind, Statement.Subject step, String proposal) {
    try {
      var unverified = UnverifiedJwt.parse(compact);
      var name = unverified.unverifiedClaims().subject().orElse("");
      var author = approvers.get().named(name);
      if (author.isEmpty()) {
        return new Reading.Refused("'" + name + "' is not in the approvers file");
      }
      var key = new PublicKeySet(List.of(author.get().key()));
      return switch (new JwtVerifier(key, Approvers.ALGORITHMS).verify(unverified)) {
        case Verification.Verified(var jwt) ->
            judged(jwt, author.get(), kind, meant(step, kind, proposal));
        case Verification.Refused(var fault) ->
            new Reading.Refused("not signed by '" + name + "': " + fault.describe());
        case Verification.Undecided(var why) -> new Reading.Refused(why);
      };
    } catch (MalformedException e) {
      return new Reading.Refused("not a signed statement: " + e.getMessage());
    }
  }

  private static List<String> meant(Statement.Subject step, Kind kind, String proposal) {
    return List.of(
        Statement.TYPE,
        step.installation(),
        kind.value(),
        String.valueOf(step.number()),
        step.base(),
        step.version(),
        proposal);
  }

  private static Reading judged(VerifiedJwt jwt, Approver author, Kind kind, List<String> meant)
      throws MalformedException {
    var claims = jwt.claims().all();
    var said =
        List.of(
            jwt.type().orElse(""),
            String.join(" ", jwt.claims().audience()),
            claims.string("kind").orElse(""),
            String.valueOf(claims.integer("number").orElse(-1L)),
            claims.string("base").orElse(""),
            claims.string("version").orElse(""),
            claims.string("proposal").orElse(""));
    if (!said.equals(meant)) {
      return new Reading.Refused("it says " + said + ", not " + meant);
    }
    // Without a time nothing could be said of somebody who has retired.
    var at = jwt.claims().issuedAt();
    return at.isPresent() && author.may(kind.needed(), at.get())
        ? new Reading.Genuine(author)
        : new Reading.Refused(
            "'" + author.name() + "' may not " + kind.needed().value() + ", or did not any more");
  }
}
