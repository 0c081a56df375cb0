package dev.lanyard.server.ras.administration;

import dev.lanyard.server.clients.SecretHash;
import java.util.List;

/// Whether organisations can enrol at the resource authorization server.
///
/// @param enabled whether the page of organisations' administrators is served
/// @param adminTokens the hashes of the tokens of whoever may use the API; without one there is
///   none
public record EnrolmentConfig(boolean enabled, List<SecretHash> adminTokens) {
  /// Nobody can enrol.
  public static final EnrolmentConfig OFF = new EnrolmentConfig(false, List.of());

  public EnrolmentConfig {
    adminTokens = List.copyOf(adminTokens);
  }
}
