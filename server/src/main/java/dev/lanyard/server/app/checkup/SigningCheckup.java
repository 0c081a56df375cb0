package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.server.broker.AudienceProfile;
import dev.lanyard.server.clients.Client;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Looks whether everybody who wants signatures of a kind can have them: a security module makes
/// keys for few kinds, and who wants another one would read of an outage at the first token.
///
/// @param possible what keys can be made for
public record SigningCheckup(Set<SigningAlgorithm> possible) {

  /// @param audiences those that want something in particular
  /// @param clients of the broker
  public List<Finding> examine(Collection<AudienceProfile> audiences, Collection<Client> clients) {
    var findings = new ArrayList<Finding>();
    add(findings, "the usual algorithm", "tokens", Optional.of(SigningAlgorithm.ES256));
    add(findings, "what receivers read", "security events", Optional.of(SigningAlgorithm.RS256));
    for (var audience : audiences) {
      add(
          findings,
          "signing_algorithm of audience " + audience.issuer(),
          "ID-JAGs",
          audience.algorithm());
    }
    for (var client : clients) {
      var openId = client.openId();
      add(
          findings,
          "id_token_signed_response_alg of client " + client.id(),
          "ID tokens",
          openId.idTokenAlgorithm());
      add(
          findings,
          "userinfo_signed_response_alg of client " + client.id(),
          "answers of UserInfo",
          openId.userInfoAlgorithm());
    }
    return findings;
  }

  private void add(
      List<Finding> findings, String where, String what, Optional<SigningAlgorithm> wanted) {
    wanted
        .filter(algorithm -> !possible.contains(algorithm))
        .ifPresent(algorithm ->
            findings.add(
                Finding.bad(
                    "signing",
                    "%s is %s, and the security module of keys.pkcs11 makes keys for %s only: no %s"
                            .formatted(where, algorithm.value(), names(), what)
                        + " can be signed. Ask for one of these, or keep keys in the database")));
  }

  private String names() {
    var names = new TreeSet<String>();
    possible.forEach(algorithm -> names.add(algorithm.value()));
    return String.join(", ", names);
  }
}
