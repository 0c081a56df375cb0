package dev.lanyard.server.saml;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.jwks.RemoteDocument;
import dev.lanyard.protocol.jwks.RemoteDocument.Absent;
import dev.lanyard.protocol.jwks.RemoteDocument.Answer;
import dev.lanyard.protocol.jwks.RemoteDocument.Content;
import dev.lanyard.protocol.jwks.RemoteDocument.Failed;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetched;
import dev.lanyard.protocol.jwks.RemoteDocument.Present;
import dev.lanyard.protocol.jwks.RemoteDocument.Silent;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// The description of a provider that is good now. Thread-safe.
sealed interface ProviderSource {
  /// What is known of the provider.
  sealed interface Knowledge {
    /// @param newer asks for a newer description: empty if there can be none, or none may be
    ///   fetched again so soon
    record Known(ProviderDescription description, Newer newer) implements Knowledge {}

    record Unknown(String why) implements Knowledge {}
  }

  /// Asks for a newer description than one that did not satisfy.
  @FunctionalInterface
  interface Newer {
    /// Empty if it is the same, which has proved what it has.
    Optional<Knowledge> ask();
  }

  Knowledge current();

  static ProviderSource of(SamlConfig config, EgressClient egress, InstantSource clock) {
    return switch (config.source()) {
      case SamlConfig.Source.Fixed(var description) -> new Fixed(description);
      case SamlConfig.Source.Remote(var metadata) ->
          new Remote(config.entityId(), metadata, egress, clock);
    };
  }

  /// One that an administrator wrote down.
  record Fixed(ProviderDescription description) implements ProviderSource {
    @Override
    public Knowledge current() {
      return new Knowledge.Known(description, Optional::empty);
    }
  }

  /// One that the provider serves. A signature by a key that is not in it leads to one fetch, and
  /// to no other within the back-off (KEY-3).
  final class Remote implements ProviderSource {
    private final URI metadata;
    private final InstantSource clock;
    private final RemoteDocument<ProviderDescription> document;

    Remote(String entityId, URI metadata, EgressClient egress, InstantSource clock) {
      this.metadata = metadata;
      this.clock = clock;
      this.document =
          new RemoteDocument<>(() -> fetch(egress, metadata, entityId), Refresh.DEFAULT, clock);
    }

    private static RemoteDocument.Fetch<ProviderDescription> fetch(
        EgressClient egress, URI metadata, String entityId) {
      var accept = Map.of("Accept", "application/samlmetadata+xml, application/xml, text/xml");
      return switch (egress.send(new EgressRequest("GET", metadata, accept, ""))) {
        case EgressResult.Answered answer when answer.status() == 200 ->
            read(answer.body(), entityId);
        case EgressResult.Answered answer -> new Failed<>("status " + answer.status());
        case EgressResult.Refused(var reason) -> new Failed<>(reason);
        case EgressResult.Failed(var reason) -> new Silent<>(reason);
      };
    }

    private static RemoteDocument.Fetch<ProviderDescription> read(byte[] body, String entityId) {
      try {
        return new Fetched<>(ProviderDescription.parse(body, entityId));
      } catch (MalformedException e) {
        return new Failed<>(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public Knowledge current() {
      return knowledge(document.current());
    }

    private Knowledge knowledge(Answer<ProviderDescription> answer) {
      return switch (answer.content()) {
        case Absent<ProviderDescription>(var reason) -> unknown(reason);
        case Present<ProviderDescription>(var description, _) ->
            description.validUntil().filter(end -> !clock.instant().isBefore(end)).isPresent()
                ? unknown("expired at " + description.validUntil().get())
                : new Knowledge.Known(description, () -> newer(answer, description));
      };
    }

    private Optional<Knowledge> newer(
        Answer<ProviderDescription> answer, ProviderDescription description) {
      var refreshed = document.refreshed(answer);
      return switch (refreshed.content()) {
        // An old copy proves what it has; that it lacks a key proves nothing.
        case Present<ProviderDescription>(_, var stale) when stale ->
            Optional.of(unknown("it could not be fetched anew"));
        case Present<ProviderDescription>(var fetched, _) when fetched.equals(description) ->
            Optional.empty();
        case Content<ProviderDescription> _ -> Optional.of(knowledge(refreshed));
      };
    }

    private Knowledge unknown(String why) {
      return new Knowledge.Unknown("SAML metadata at " + metadata + ": " + why);
    }
  }
}
