package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.governance.probe.Visit.Page;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Looks at one connector as an MCP client does that has no token: the challenge, the metadata of
/// the resource, the metadata of its authorization servers. It sends nothing but that, asks for no
/// token, and says *unknown* with the reason wherever it cannot be sure. For one use.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-5 RFC 9728 §5
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-3 RFC 8414 §3
final class Look {
  private static final int MOST_SERVERS = 3;
  private static final String NONE = "none";

  private final Visit visit;
  private final ResourceIndicator address;
  private final List<String> faults = new ArrayList<>();
  private int more;
  private String challenge = NONE;

  Look(Visit visit, ResourceIndicator address) {
    this.visit = visit;
    this.address = address;
  }

  Finding finding() {
    var places = new LinkedHashSet<URI>();
    switch (visit.call(URI.create(address.value()))) {
      case EgressResult.Refused(var why) -> {
        return new Finding.Unknown("it may not be asked from here: " + why);
      }
      case EgressResult.Failed(var why) -> {
        return new Finding.Unknown("it gives no answer: " + why);
      }
      case EgressResult.Answered answered -> named(answered).ifPresent(places::add);
    }
    places.add(WellKnown.protectedResource(address));
    places.add(WellKnown.protectedResourceAtRoot(address));
    for (var place : places) {
      var servers = resource(place);
      if (!servers.isEmpty()) {
        return judged(servers, true);
      }
    }
    // Servers from before RFC 9728 have the metadata of their authorization server at their root.
    return faults.isEmpty() ? judged(List.of(root()), false) : new Finding.Unknown(told());
  }

  private String told() {
    return String.join("; ", faults);
  }

  private Issuer root() {
    var uri = URI.create(address.value());
    return new Issuer(uri.getScheme() + "://" + uri.getRawAuthority());
  }

  /// Where the challenge says that the metadata is.
  private Optional<URI> named(EgressResult.Answered answered) {
    challenge = Visit.told(answered);
    for (var header : answered.headers("WWW-Authenticate")) {
      try {
        for (var one : Challenge.parse(header)) {
          var place = one.parameter("resource_metadata");
          if (place.isPresent()) {
            challenge += " with metadata";
            return Optional.of(new URI(place.get()));
          }
        }
      } catch (MalformedException | java.net.URISyntaxException e) {
        challenge += ", with a challenge that cannot be read";
      }
    }
    return Optional.empty();
  }

  /// The authorization servers that a document of the resource names.
  private List<Issuer> resource(URI place) {
    return switch (visit.document(place)) {
      case Page.Document(var json) -> servers(place, json);
      // Not there, so there may be another place.
      case Page.Other(int status, _) when status == 404 || status == 405 || status == 401 ->
          List.of();
      case Page.Other(_, var what) -> fault(place, "answers " + what);
      case Page.Nothing(var why) -> fault(place, why);
    };
  }

  private List<Issuer> servers(URI place, JsonObject json) {
    try {
      // At the root the document is of the root; a host may be one resource with several paths.
      var described = new ResourceIndicator(json.nonEmptyString("resource"));
      if (!isOfOneHost(described)) {
        return fault(place, "describes " + host(described) + ", which is another host");
      }
      var all = ProtectedResourceMetadata.parse(json, described).authorizationServers();
      more = Math.max(0, all.size() - MOST_SERVERS);
      return all.subList(0, all.size() - more);
    } catch (MalformedException | IllegalArgumentException e) {
      return fault(place, "is not the metadata of a resource: " + e.getMessage());
    }
  }

  private boolean isOfOneHost(ResourceIndicator described) {
    return host(described).equals(host(address));
  }

  private static String host(ResourceIndicator resource) {
    return String.valueOf(URI.create(resource.value()).getRawAuthority());
  }

  private <T> List<T> fault(URI place, String what) {
    faults.add(place.getRawAuthority() + place.getRawPath() + " " + what);
    return List.of();
  }

  private Finding judged(List<Issuer> servers, boolean resourceMetadata) {
    var read = servers.stream().flatMap(server -> metadata(server).stream()).toList();
    boolean idJag = read.stream().anyMatch(Look::takesIdJags);
    if (!read.isEmpty() && !idJag && more > 0) {
      return new Finding.Unknown(
          "it names %d authorization servers; of the first %d none takes ID-JAGs, and the others were not asked"
              .formatted(servers.size() + more, servers.size()));
    }
    if (read.isEmpty() || (!idJag && read.size() < servers.size())) {
      return new Finding.Unknown(
          faults.isEmpty()
              ? "neither it nor its root publishes metadata of an authorization server (answers "
                  + challenge
                  + ")"
              : told());
    }
    return new Finding.Seen(
        new Published(
            challenge,
            resourceMetadata,
            read.stream().map(one -> one.issuer().value()).toList(),
            any(read, one -> has(one, Supported.GRANT_TYPES, GrantType.JWT_BEARER.value())),
            idJag,
            any(read, one -> one.has(Flag.CLIENT_ID_METADATA_DOCUMENT)),
            any(read, one -> one.endpoint(Endpoint.REGISTRATION).isPresent()),
            read.stream()
                .flatMap(one -> one.supported(Supported.TOKEN_AUTH_METHODS).stream())
                .distinct()
                .sorted()
                .toList(),
            any(read, one -> one.endpoint(Endpoint.REVOCATION).isPresent()),
            any(read, one -> !one.supported(Supported.DPOP_ALGORITHMS).isEmpty()),
            any(read, one -> one.endpoint(Endpoint.AUTHORIZATION).isPresent())));
  }

  private static boolean takesIdJags(AuthorizationServerMetadata metadata) {
    return has(metadata, Supported.GRANT_PROFILES, AuthorizationServerMetadata.ID_JAG_PROFILE);
  }

  private static boolean has(AuthorizationServerMetadata metadata, Supported list, String value) {
    return metadata.supported(list).contains(value);
  }

  private static boolean any(
      List<AuthorizationServerMetadata> read, Predicate<AuthorizationServerMetadata> condition) {
    return read.stream().anyMatch(condition);
  }

  private Optional<AuthorizationServerMetadata> metadata(Issuer server) {
    for (var place : WellKnown.authorizationServer(server)) {
      switch (visit.document(place)) {
        case Page.Document(var json) -> {
          try {
            return Optional.of(AuthorizationServerMetadata.parse(json, server));
          } catch (MalformedException e) {
            fault(place, "is not the metadata of " + server + ": " + e.getMessage());
            return Optional.empty();
          }
        }
        case Page.Other(int status, _) when status == 404 -> {}
        case Page.Other(_, var what) -> fault(place, "answers " + what);
        case Page.Nothing(var why) -> {
          fault(place, why);
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
