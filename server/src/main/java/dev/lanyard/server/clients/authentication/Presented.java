package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.oauth.Form;
import java.net.InetAddress;
import java.util.List;

/// What a client shows at an endpoint to prove who it is.
///
/// @param authorization every `Authorization` header
/// @param form the parameters of the body
/// @param peer from where; several guesses from one address are slowed down
public record Presented(List<String> authorization, Form form, InetAddress peer) {
  public Presented {
    authorization = List.copyOf(authorization);
  }
}
