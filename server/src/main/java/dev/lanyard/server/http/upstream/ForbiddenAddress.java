package dev.lanyard.server.http.upstream;

import java.io.IOException;

/// A name has an address to which the egress policy lets nothing go.
final class ForbiddenAddress extends IOException {
  private static final long serialVersionUID = 1;

  ForbiddenAddress(String host) {
    super(host + " has an address that is not permitted; see outbound.internal_hosts");
  }
}
