package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.AuthMethod;

/// What a client presented, taken from the request; nothing is checked yet.
sealed interface Proof {
  /// Who it says it is.
  ClientId client();

  /// How it means to prove that.
  AuthMethod method();

  /// @param method basic or post
  record WithSecret(ClientId client, Secret secret, AuthMethod method) implements Proof {}

  /// @param client the `sub` of the assertion, which nobody has verified
  record WithAssertion(ClientId client, String assertion) implements Proof {
    @Override
    public AuthMethod method() {
      return AuthMethod.PRIVATE_KEY_JWT;
    }

    @Override
    public String toString() {
      return "WithAssertion[" + client + "]";
    }
  }

  record Nothing(ClientId client) implements Proof {
    @Override
    public AuthMethod method() {
      return AuthMethod.NONE;
    }
  }
}
