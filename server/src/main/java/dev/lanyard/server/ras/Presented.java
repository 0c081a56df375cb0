package dev.lanyard.server.ras;

import dev.lanyard.protocol.idjag.IdJag;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.ras.organisations.Member;
import dev.lanyard.server.ras.organisations.SubjectDecision.Somebody;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.Redemption;
import dev.lanyard.server.token.Findings;
import java.util.Optional;

/// An accepted ID-JAG and whom it means.
///
/// @param whom of nobody but a [known][dev.lanyard.server.ras.organisations.SubjectDecision.Known]
///   person is it redeemed
/// @param self this server
/// @param <W> how much is known of them
record Presented<W extends Somebody>(IdJag idJag, Member member, W whom, Issuer self) {

  /// Everything that it dies with. Of somebody who is not here yet, nothing has been killed.
  Origins origins(Client client) {
    var person = whom.here().map(Person::id).map(PersonId::value).orElse("");
    return Origins.assertion(person, idJag.issuedAt())
        .session(origin().session())
        .client(self, client.id())
        .provider(Optional.of(idJag.issuer().value()))
        .organisation(member.organisation().name());
  }

  /// Where the issuer says that it comes from.
  Redemption.Origin origin() {
    return new Redemption.Origin(text("sid"), text("azp"), Optional.of(idJag.issuedAt()));
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
        .putIfPresent("txn", AccessTokens.transaction(idJag))
        .build();
  }
}
