package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;

/// The identity providers that administrators have enrolled. Nobody else's ID-JAG is looked at, and
/// no implementation may discover an issuer from a token (RAS-4).
public interface EnrolledIssuers {
  /// The enrolled issuer of exactly this name. Does no I/O.
  Optional<EnrolledIssuer> find(Issuer issuer);
}
