package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/// Looks at what issuers and domains publish, through the only way out: nothing inside the network,
/// no redirect, bounded in size and time (SEC-6).
final class Surroundings {
  private static final String PATH = "/.well-known/lanyard-challenge";

  private final EgressClient egress;
  private final DomainDocuments domains;
  private final InstantSource clock;

  Surroundings(EgressClient egress, DomainDocuments domains, InstantSource clock) {
    this.egress = egress;
    this.domains = domains;
    this.clock = clock;
  }

  /// Where the document of a domain is. Only a test has it elsewhere than below the domain itself.
  interface DomainDocuments {
    /// Below the domain itself, over HTTPS.
    DomainDocuments AT_THE_DOMAIN = domain -> URI.create("https://" + domain + PATH);

    URI of(String domain);
  }

  /// What an issuer shows of itself now.
  Seen look(Issuer issuer) {
    var discovery = new IssuerDiscovery(egress, issuer, Refresh.DEFAULT, clock);
    return switch (discovery.discover()) {
      case IssuerDiscovery.Discovery.Unavailable(var reason) -> new Seen.Hidden(reason);
      case IssuerDiscovery.Discovery.Found(var metadata) -> {
        var uri = metadata.endpoint(Endpoint.JWKS);
        if (uri.isEmpty()) {
          yield new Seen.Hidden("the metadata names no jwks_uri");
        }
        try {
          var keys = PublicKeySet.parse(json(uri.get()));
          yield keys.keys().isEmpty()
              ? new Seen.Hidden("there is no key that can be used at " + uri.get())
              : new Seen.Shown(metadata, keys);
        } catch (MalformedException e) {
          yield new Seen.Hidden("keys at " + uri.get() + ": " + e.getMessage());
        }
      }
    };
  }

  /// @throws MalformedException with the reason why there is no such document
  private JsonObject json(URI uri) throws MalformedException {
    return switch (egress.send(EgressRequest.get(uri))) {
      case EgressResult.Answered answer when answer.status() == 200 -> answer.json();
      case EgressResult.Answered answer ->
          throw new MalformedException("status " + answer.status());
      case EgressResult.Unanswered none -> throw new MalformedException(none.reason());
    };
  }

  /// The place below an issuer that only whoever publishes its metadata can write to.
  URI documentOf(Issuer issuer) {
    return Paths.at(issuer, PATH);
  }

  URI documentOf(String domain) {
    return domains.of(domain);
  }

  /// Why a document does not carry a challenge; empty if it does.
  Optional<String> missing(URI document, Challenge challenge) {
    try {
      var entries =
          json(document)
              .objects("lanyard_challenges")
              .orElseThrow(
                  () -> new MalformedException("there is no list 'lanyard_challenges' in it"));
      for (var entry : entries) {
        if (challenge.isIn(entry)) {
          return Optional.empty();
        }
      }
      return Optional.of(document + " does not carry the value");
    } catch (MalformedException e) {
      return Optional.of(document + ": " + e.getMessage());
    }
  }
}
