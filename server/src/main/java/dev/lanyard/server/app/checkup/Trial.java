package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.SamlTrial;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.TrialSignIn;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// A sign-in that an administrator tries in a browser, before anybody depends on it.
///
/// @param port the loopback port where the browser comes back
/// @param say prints a line for the administrator
public record Trial(EgressClient egress, int port, InstantSource clock, Consumer<String> say) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /// Tries a sign-in at an OpenID Provider.
  ///
  /// @return whether somebody would be signed in
  public boolean isPassed(UpstreamConfig upstream) {
    try (var listener = TrialListener.forRedirect(port)) {
      var attempt =
          new TrialSignIn(
              upstream,
              TrialListener.redirectUri(listener.port()),
              egress,
              ClockSkew.DEFAULT,
              clock);
      return brought(attempt.begin(), listener)
          .filter(query -> isGood(upstream, attempt.finish(query)))
          .isPresent();
    }
  }

  private boolean isGood(UpstreamConfig upstream, TrialSignIn.Outcome outcome) {
    return switch (outcome) {
      case TrialSignIn.Outcome.SignedIn signedIn -> {
        new TrialReport(upstream, signedIn).lines().forEach(say);
        yield true;
      }
      case TrialSignIn.Outcome.Refused(var check, var expected, var actual) ->
          bad("%s must be %s, and is %s".formatted(check, expected, actual));
      case TrialSignIn.Outcome.Unavailable(var why) -> bad(why);
    };
  }

  /// Tries a sign-in at a SAML provider.
  ///
  /// @param self the server that people will sign in at
  /// @return whether somebody would be signed in
  public boolean isPassed(SamlUpstreamConfig upstream, Issuer self) {
    try (var listener = TrialListener.forPost(port)) {
      var consumer = TrialListener.consumer(listener.port());
      var attempt = new SamlTrial(upstream, self, consumer, egress, ClockSkew.DEFAULT, clock);
      var body = brought(attempt.begin(), listener);
      if (body.isEmpty()) {
        return false;
      }
      var report = new SamlTrialReport(upstream, clock.instant());
      var outcome = attempt.finish(body.get());
      report.lines(outcome).forEach(say);
      return outcome instanceof SamlTrial.Outcome.SignedIn;
    }
  }

  private <T> Optional<T> brought(TrialSignIn.Beginning beginning, TrialListener<T> listener) {
    switch (beginning) {
      case TrialSignIn.Beginning.Unavailable(var why) -> {
        bad("cannot begin: " + why);
        return Optional.empty();
      }
      case TrialSignIn.Beginning.At(var url) -> {
        say.accept("");
        say.accept("Open this address in a browser on this machine and sign in:");
        say.accept("  " + url);
      }
    }
    var brought = listener.await(PATIENCE);
    if (brought.isEmpty()) {
      bad("nobody came back within " + PATIENCE.toMinutes() + " minutes");
    }
    return brought;
  }

  private boolean bad(String why) {
    say.accept("BAD  sign-in: " + why);
    return false;
  }
}
