package dev.lanyard.client.code;

import dev.lanyard.client.CodeSignIn;
import dev.lanyard.client.CodeSignIn.ResourceAccess;
import dev.lanyard.client.LoopbackListener;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
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

  /// What is asked for.
  record Question(
      AuthorizationServerMetadata server,
      ClientId client,
      Scopes scopes,
      SignInDemand demand,
      ResourceAccess access) {}

  /// @param pending what the answer was judged by
  record Answer(CodeSignIn pending, CodeSignIn.Callback callback) {}

  /// @return empty if nobody came in time
  Optional<Answer> ask(Question question, LoopbackListener listener) throws InterruptedException {
    var pending =
        CodeSignIn.forAccess(
            question.server,
            question.client,
            listener.redirectUri(),
            question.scopes,
            question.demand,
            question.access,
            random);
    return listener
        .ask(pending, browser, patience)
        .map(query -> new Answer(pending, pending.judge(query)));
  }

  String overdue() {
    return "nobody came back from the browser within " + patience.toSeconds() + " s";
  }
}
