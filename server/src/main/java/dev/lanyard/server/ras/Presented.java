package dev.lanyard.server.ras;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.ras.organisations.Member;
import dev.lanyard.server.ras.organisations.SubjectDecision.Known;
import dev.lanyard.server.ras.organisations.SubjectDecision.Somebody;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.Redemption;
import dev.lanyard.server.token.Findings;
import java.time.Instant;
import java.util.Optional;

/// An accepted ID-JAG and whom it means.
///
/// @param whom of nobody but a [known][dev.lanyard.server.ras.organisations.SubjectDecision.Known]
///   person is it redeemed
/// @param madeAt when it was issued, by our clock and at the earliest: what was killed since is
///   dead
/// @param self this server
/// @param <W> how much is known of them
record Presented<W extends Somebody>(
    IdJag idJag, Member member, W whom, Instant madeAt, Issuer self) {
  private static final int LONGEST_TRANSACTION = 256;

  /// The same of somebody who is known now.
  Presented<Known> of(Known known) {
    return new Presented<>(idJag, member, known, madeAt, self);
  }

  /// Everything that it dies with. Of somebody who is not here yet, nothing has been killed.
  Origins origins(Client client) {
    var person = whom.here().map(Person::id).map(PersonId::value).orElse("");
    return Origins.assertion(person, madeAt)
        .session(origin().session())
        .client(self, client.id())
        .provider(Optional.of(idJag.issuer().value()))
        .organisation(member.organisation().name());
  }

  /// Where the issuer says that it comes from.
  Redemption.Origin origin() {
    return new Redemption.Origin(text("sid"), text("azp"), Optional.of(madeAt));
  }

  /// An odd claim is no reason to refuse: nobody needs to send it.
  private Optional<String> text(String claim) {
    try {
      return idJag.all().string(claim).filter(value -> value.length() <= 256);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Who acts for the person, if that is to be known here. It is neither the client, which has
  /// proved who it is, nor the person (RAS-19).
  Optional<JsonObject> actor() {
    return idJag.actor().filter(_ -> member.provider().carriesActor());
  }

  /// What a token says of where it comes from, and dies with: the issuer that spoke for the person,
  /// and the session there. And who acts for the person by that issuer's word, where its
  /// organisation wants that known (RAS-19).
  JsonObject claims() {
    var claims =
        JsonObject.builder()
            .put("idp", idJag.issuer().value())
            .put("org", member.organisation().name())
            .putIfPresent("sid", origin().session());
    actor().ifPresent(actor -> claims.put("act", actor));
    return claims.build();
  }

  /// What ties a redemption to the exchange before it and to the calls after it (AUD-2).
  Optional<String> transaction() {
    return transaction(idJag);
  }

  private static Optional<String> transaction(IdJag idJag) {
    try {
      return idJag.all().string("txn").filter(txn -> txn.length() <= LONGEST_TRANSACTION);
    } catch (MalformedException e) {
      // An odd `txn` is no reason to refuse: it only fails to tie the records together.
      return Optional.empty();
    }
  }

  /// What every audit record about it says.
  Findings findings() {
    var found = JsonObject.builder().put("found_by", whom.how());
    actor().ifPresent(actor -> found.put("act", actor));
    return new Findings(
        Optional.of(member.organisation().name()),
        whom.here().map(Person::id).map(PersonId::value),
        describing(idJag).with(found.build()));
  }

  /// What every audit record about an ID-JAG says.
  static JsonObject describing(IdJag idJag) {
    return JsonObject.builder()
        .put("issuer", idJag.issuer().value())
        .put("jti", idJag.id())
        .putIfPresent("txn", transaction(idJag))
        .build();
  }
}
