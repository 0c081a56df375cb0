package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.gateway.front.Front;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// The credentials with which the gateway itself asks the server behind a connector: what the
/// configuration has for that server, and nothing that is a person's.
///
/// @param headers for that server alone, at the address that the gateway has for it
/// @param isWhole whether what it is shown is what everybody is shown: not where the server is told
///   who calls, or where each person has credentials of their own
public record OwnAccess(Map<String, Secret> headers, boolean isWhole) {
  public OwnAccess {
    headers = Map.copyOf(headers);
  }

  /// Whether the gateway has anything of its own there: not where each person has credentials of
  /// their own.
  static boolean isThereAny(Front front, CredentialsConfig credentials) {
    return credentials.of(front.connector()).map(one -> one instanceof Way.Fixed).orElse(true);
  }

  /// At the server behind a front.
  public static OwnAccess at(Front front, CredentialsConfig credentials, InstantSource clock) {
    var headers = new HashMap<String, Secret>();
    var identity = front.identityOfTheGateway(clock);
    identity.ifPresent(one -> headers.put(one.name(), one.value()));
    credentials
        .of(front.connector())
        .ifPresent(one -> {
          if (one instanceof Way.Fixed(var header, var value)) {
            headers.put(header, value);
          }
        });
    return new OwnAccess(headers, isThereAny(front, credentials) && identity.isEmpty());
  }
}
