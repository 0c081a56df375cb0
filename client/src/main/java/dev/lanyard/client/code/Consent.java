package dev.lanyard.client.code;

import dev.lanyard.client.flow.AuthorizationRequest;
import dev.lanyard.client.flow.LoopbackListener;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks the person in the browser, and waits for the answer on loopback.
final class Consent {
  private final Duration patience;
  private final Consumer<URI> browser;
  private final SecureRandom random;

  Consent(Duration patience, Consumer<URI> browser, SecureRandom random) {
    this.patience = patience;
    this.browser = browser;
    this.random = random;
  }

  /// @param pending what the answer was judged by
  record Answer(AuthorizationRequest pending, AuthorizationRequest.Callback callback) {}

  /// Asks for access to a resource.
  ///
  /// @return empty if nobody came in time
  Optional<Answer> ask(
      AuthorizationServerMetadata server,
      AuthorizationRequest.Question question,
      ResourceIndicator resource,
      LoopbackListener listener)
      throws InterruptedException {
    var pending =
        new AuthorizationRequest(server, question, Map.of("resource", resource.value()), random);
    return listener
        .ask(pending, browser, patience)
        .map(query -> new Answer(pending, pending.judge(query)));
  }

  String overdue() {
    return "nobody came back from the browser within " + patience.toSeconds() + " s";
  }
}
