package dev.lanyard.client.service;

import dev.lanyard.client.Access;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The latest assertion that each server has refused. It is not sent again: what was wrong with it
/// is still wrong, until the platform gives another. Thread-safe.
final class RefusedAssertions {
  private final Map<Issuer, Refusal> latest = new HashMap<>();

  private record Refusal(Secret assertion, Access.Denied denied) {}

  synchronized Optional<Access> find(Issuer issuer, Secret assertion) {
    return Optional.ofNullable(latest.get(issuer))
        .filter(refusal -> refusal.assertion.equals(assertion))
        .map(Refusal::denied);
  }

  synchronized void remember(Issuer issuer, Secret assertion, Access.Denied denied) {
    latest.put(issuer, new Refusal(assertion, denied));
  }
}
