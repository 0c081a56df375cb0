package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.revocation.Exposure;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The text of a receipt.
final class Account {
  private Account() {}

  /// @param foreign who outside was told
  /// @param isFinal whether none of them is still being told
  static JsonObject of(
      String issuer,
      Asked asked,
      Settled settled,
      List<Letter> foreign,
      Connectors connectors,
      List<Exposure.Access> residue,
      boolean isFinal,
      Instant now) {
    return JsonObject.builder()
        .put("iss", issuer)
        .put("iat", now.getEpochSecond())
        .put("incident", asked.incident())
        .putIfPresent("organisation", asked.organisation())
        .putIfPresent("person", asked.person())
        .put("correlation_id", asked.correlationId())
        .put("signal", signal(asked.facts()))
        .put("refused_from", asked.at().toString())
        .put("denied", asked.denied().stream().map(Dead::toJson).toList())
        .put("sequence", asked.sequence())
        .put("enforcement", settled.points().stream().map(Account::point).toList())
        .putIfPresent(
            "refused_everywhere_by",
            connectors.refusedBy(settled.refusedBy(asked.at())).map(Instant::toString))
        .put("connectors", connectors.all().stream().map(Connectors.One::toJson).toList())
        .put("told", foreign.stream().map(Account::told).toList())
        .put("probes", connectors.probes().stream().map(Account::probed).toList())
        .put("without_reach", withoutReach(foreign))
        .put("residual", residual(asked, connectors, residue))
        // Of the receipt of this incident in whose place this one is.
        .putIfPresent("replaces", asked.issuedAt().map(Instant::toString))
        .put("final", isFinal)
        // The time of the receipt: no call of this person, client, connector succeeds after it
        // where we have reach.
        .put("issued_at", now.toString())
        .build();
  }

  private static JsonObject signal(JsonObject facts) {
    var signal = JsonObject.builder();
    for (var name : List.of("what", "source", "signal", "occurred_at", "received_at")) {
      signal.putIfPresent(name, Facts.text(facts, name));
    }
    return signal.build();
  }

  private static JsonObject point(Settled.Point point) {
    var one = point.acknowledged();
    return JsonObject.builder()
        .put("kind", one.point().kind().value())
        .put("name", one.point().name())
        .put("id", one.point().id())
        .put("refused_by", point.refusesBy().toString())
        .put(
            "because",
            point.hasSaidSo()
                ? "it acknowledged"
                : "it has not acknowledged, and refuses everybody when it hears nothing for "
                    + one.point().staleAfter().toMillis()
                    + " ms")
        .put("acknowledged_sequence", one.sequence())
        .build();
  }

  private static List<JsonObject> residual(
      Asked asked, Connectors connectors, List<Exposure.Access> residue) {
    return Stream.concat(
            connectors.unreached().stream().map(one -> unreached(asked, one)),
            residue.stream().map(Account::residual))
        .toList();
  }

  /// The window in which a server of ours may still serve it.
  private static JsonObject unreached(Asked asked, Connectors.One one) {
    return JsonObject.builder()
        .put("connector", one.connector())
        .put("no_new_token_from", asked.at().toString())
        .put("until_at_most", one.until().toString())
        .put("until_at_most_by", "the end of what was held there")
        .put("then", one.because())
        .build();
  }

  /// The window in which somebody else may still serve what we have killed.
  private static JsonObject residual(Exposure.Access access) {
    return JsonObject.builder()
        .put("connector", access.connector())
        .putIfPresent("authorization_server", access.server().map(Issuer::value))
        .put("no_new_token_from", access.knownUntil().toString())
        .putIfPresent("until_at_most", access.atMost().map(one -> one.until().toString()))
        .putIfPresent("until_at_most_by", access.atMost().map(Exposure.AtMost::source))
        .put("then", "tokens that it has issued live as long as it lets them")
        .build();
  }

  private static JsonObject told(Letter letter) {
    return JsonObject.builder()
        .put("kind", letter.delivery().kind())
        .put("destination", letter.delivery().destination())
        .put("state", letter.state().value())
        .put("attempts", letter.attempts())
        .putIfPresent("answer", letter.answer())
        .putIfPresent("answered_at", letter.answeredAt().map(Instant::toString))
        .build();
  }

  private static JsonObject probed(ProbeResult probed) {
    return JsonObject.builder()
        .put("connector", probed.connector())
        .put("by", probed.by())
        .put("outcome", probed.outcome().name().toLowerCase(Locale.ROOT))
        .put("answer", probed.answer())
        .put("at", probed.at().toString())
        .build();
  }

  /// Who has not confirmed: what they issued to the person may live until it expires.
  private static List<String> withoutReach(List<Letter> foreign) {
    return foreign.stream()
        .filter(
            letter -> letter.state() == Letter.State.WAITING || letter.state() == Letter.State.DEAD)
        .map(letter -> letter.delivery().destination())
        .distinct()
        .sorted()
        .toList();
  }
}
