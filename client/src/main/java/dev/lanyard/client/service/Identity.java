package dev.lanyard.client.service;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.protocol.oauth.Secret;
import java.util.function.Supplier;

/// By what a service proves who it is at one authorization server.
public sealed interface Identity {
  /// What the client is there.
  ClientRegistration registration();

  /// Its own credentials: a secret, or a key (`private_key_jwt`).
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4
  record Credentials(ClientRegistration registration) implements Identity {}

  /// A JWT that the platform gives the workload, such as the token of a Kubernetes service account.
  ///
  /// @param registration usually without a secret: the JWT says who calls
  /// @param token reads the current one, e.g. from the file that the platform rewrites; asked
  ///   before each request, by several threads at once
  /// @spec https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1 RFC 7523 §2.1
  record Workload(ClientRegistration registration, Supplier<Secret> token) implements Identity {}
}
