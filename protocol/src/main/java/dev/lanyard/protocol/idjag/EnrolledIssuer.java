package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.claims.TrustedIssuer;
import java.util.Optional;

/// An identity provider whose ID-JAGs are accepted, and the tenants that it may speak for.
///
/// @param trust its name, keys and algorithms
/// @param tenant the only `tenant` accepted from it, or empty if it has no tenants: an ID-JAG that
///   then names one is refused, as it speaks for customers who never enrolled
/// @param audienceTenant the only `aud_tenant` that it may name
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-6
///   ID-JAG draft-04 §6
public record EnrolledIssuer(
    TrustedIssuer trust, Optional<String> tenant, Optional<String> audienceTenant) {

  /// An identity provider of one customer only.
  public static EnrolledIssuer singleTenant(TrustedIssuer trust) {
    return new EnrolledIssuer(trust, Optional.empty(), Optional.empty());
  }
}
