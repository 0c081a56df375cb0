package dev.lanyard.client;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;

/// What this client is at one authorization server, and at no other (CLI-6).
public record ClientRegistration(ClientId id, ClientAuthentication authentication) {

  public static ClientRegistration withSecret(String id, Secret secret) {
    return new ClientRegistration(new ClientId(id), new ClientAuthentication.SharedSecret(secret));
  }

  /// A public client.
  public static ClientRegistration withoutSecret(String id) {
    return new ClientRegistration(new ClientId(id), new ClientAuthentication.None());
  }
}
