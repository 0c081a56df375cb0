package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What became of looking at an exported review with the keys of its installation, and nothing
/// else.
public sealed interface ReviewVerdict {
  /// The installation has sealed exactly this, the reviewer has signed every decision and somebody
  /// else all of them.
  record Genuine(JsonObject account) implements ReviewVerdict {}

  /// It is no review of that installation, or something of it is not what somebody signed.
  ///
  /// @param why for people
  record Refused(String why) implements ReviewVerdict {}

  /// Verifies an exported document.
  ///
  /// @param document as `export` wrote it
  /// @param keys of the installation
  /// @param people public keys of reviewers from another place than the document, by name; empty to
  ///   take those that the installation sealed into it
  static ReviewVerdict of(byte[] document, PublicKeySet keys, Map<String, VerificationKey> people) {
    try {
      var read = JsonObject.parseLarge(document);
      var account =
          read.object("account").orElseThrow(() -> new MalformedException("it has no account"));
      var why = seal(read.nonEmptyString("seal"), ReviewAccount.TYPE, keys, account, "account");
      if (why.isEmpty()) {
        why = content(account, people);
      }
      return why.<ReviewVerdict>map(Refused::new).orElseGet(() -> new Genuine(account));
    } catch (MalformedException e) {
      return new Refused("this is not an exported review: " + e.getMessage());
    }
  }

  /// Why a seal does not vouch for an account; empty if it does.
  private static Optional<String> seal(
      String seal, String type, PublicKeySet keys, JsonObject account, String member)
      throws MalformedException {
    var jwt = UnverifiedJwt.parse(seal);
    if (!jwt.unverifiedType().equals(Optional.of(type))) {
      return Optional.of(
          "the seal is '%s' and not '%s'".formatted(jwt.unverifiedType().orElse("untyped"), type));
    }
    return switch (new JwtVerifier(keys, EnumSet.allOf(SigningAlgorithm.class)).verify(jwt)) {
      case Verification.Verified(var verified) ->
          verified.claims().all().string(member).equals(Optional.of(ReviewAccount.hash(account)))
              ? Optional.empty()
              : Optional.of("the review was changed after it was sealed");
      case Verification.Refused(Verification.Fault.UnknownKey(var keyId)) ->
          Optional.of(
              "none of these keys has sealed it; it names the key " + keyId.orElse("without kid"));
      case Verification.Refused(var fault) -> Optional.of("the seal: " + fault.describe());
      case Verification.Undecided(var reason) -> Optional.of(reason);
    };
  }

  private static Optional<String> content(JsonObject account, Map<String, VerificationKey> people)
      throws MalformedException {
    var pack =
        new Pack(account.object("pack").orElseThrow(() -> new MalformedException("no evidence")));
    var reviewer = account.nonEmptyString("reviewer");
    var signature =
        account.object("signature").orElseThrow(() -> new MalformedException("no signature"));
    var known = people.isEmpty() ? people(account) : people;
    var decisions = new ArrayList<Decided>();
    for (var one : account.objects("decisions").orElse(List.of())) {
      var decided = decided(one);
      decisions.add(decided);
      var why = refused(account, pack, decided, reviewer, known);
      if (why.isPresent()) {
        return why;
      }
    }
    for (var item : pack.items()) {
      if (decisions.stream().noneMatch(one -> one.item().equals(item.id()))) {
        return Optional.of("nobody has decided about '" + item.id() + "'");
      }
    }
    var signed = said(signature);
    return signed.by().equals(reviewer)
        ? Optional.of("the reviewer has signed their own review")
        : refused(account, pack, Decided.hash(decisions), Optional.empty(), signed, known);
  }

  private static Optional<String> refused(
      JsonObject account,
      Pack pack,
      Decided decided,
      String reviewer,
      Map<String, VerificationKey> known)
      throws MalformedException {
    return decided.said().by().equals(reviewer)
        ? refused(
            account, pack, decided.item(), Optional.of(decided.ruling()), decided.said(), known)
        : Optional.of("'%s' is not the reviewer".formatted(decided.said().by()));
  }

  private static Optional<String> refused(
      JsonObject account,
      Pack pack,
      String about,
      Optional<Ruling> ruling,
      Said said,
      Map<String, VerificationKey> known)
      throws MalformedException {
    var key = Optional.ofNullable(known.get(said.by()));
    if (key.isEmpty()) {
      return Optional.of("there is no key of '" + said.by() + "'");
    }
    return new ReviewStatement(
            account.nonEmptyString("installation"),
            account.nonEmptyString("review"),
            pack.hash(),
            about,
            ruling,
            said.by(),
            said.rationale(),
            said.at())
        .refuses(said.statement(), new PublicKeySet(List.of(key.get())));
  }

  private static Decided decided(JsonObject json) throws MalformedException {
    try {
      return new Decided(
          json.nonEmptyString("item"), Ruling.named(json.nonEmptyString("ruling")), said(json));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("an unknown ruling: " + e.getMessage());
    }
  }

  private static Said said(JsonObject json) throws MalformedException {
    try {
      return new Said(
          json.nonEmptyString("by"),
          json.nonEmptyString("rationale"),
          json.nonEmptyString("statement"),
          Instant.parse(json.nonEmptyString("at")));
    } catch (DateTimeException e) {
      throw new MalformedException("a time that is none: " + e.getMessage());
    }
  }

  private static Map<String, VerificationKey> people(JsonObject account) throws MalformedException {
    var people = new HashMap<String, VerificationKey>();
    for (var one : account.objects("people").orElse(List.of())) {
      people.put(
          one.nonEmptyString("name"),
          VerificationKey.fromJwk(one.object("key").orElse(JsonObject.EMPTY)));
    }
    return people;
  }
}
