package dev.lanyard.client.flow;

import dev.lanyard.client.Access;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Finds what an MCP server says of itself: where a challenge points, then at the server's
/// well-known place, then at the root of its host (CLI-1). Thread-safe.
///
/// A document about another resource ends the search: it is an attack or a mistake, and guessing on
/// would be worse (CLI-2). A host that does not answer is asked once only.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-3.3 RFC 9728 §3.3
public final class ResourceDiscovery {
  private final EgressClient egress;

  public ResourceDiscovery(EgressClient egress) {
    this.egress = egress;
  }

  /// What was found.
  public sealed interface Discovery {
    record Found(ProtectedResourceMetadata metadata) implements Discovery {}

    /// A document that must not be used.
    record Stopped(String why) implements Discovery {}

    /// No document.
    record Unavailable(String why) implements Discovery {}
  }

  /// Finds what an MCP server says of itself and goes on from there; without it there is no access.
  public Access then(Wanted wanted, Function<ProtectedResourceMetadata, Access> next) {
    return switch (find(wanted.server(), wanted.hint().resourceMetadata())) {
      case Discovery.Stopped(var why) -> new Access.Stopped(why);
      case Discovery.Unavailable(var why) -> new Access.Unavailable(why);
      case Discovery.Found(var metadata) -> next.apply(metadata);
    };
  }

  /// @param server the URL of the MCP server
  /// @param challenged the `resource_metadata` of a challenge of that server
  public Discovery find(ResourceIndicator server, Optional<URI> challenged) {
    var failures = new ArrayList<String>();
    var silent = new HashSet<String>();
    for (var place : places(server, challenged)) {
      if (silent.contains(place.url.getRawAuthority())) {
        continue;
      }
      switch (egress.send(EgressRequest.get(place.url))) {
        case Answered answer when answer.status() == 200 -> {
          return judge(answer, place);
        }
        case Answered answer -> failures.add(place.url + ": status " + answer.status());
        case EgressResult.Unanswered none -> {
          failures.add(place.url + ": " + none.reason());
          silent.add(place.url.getRawAuthority());
        }
      }
    }
    return new Discovery.Unavailable("no resource metadata; " + String.join("; ", failures));
  }

  private static List<Place> places(ResourceIndicator server, Optional<URI> challenged) {
    var places = new ArrayList<Place>();
    challenged.ifPresent(url -> places.add(new Place(url, List.of(server))));
    places.add(new Place(WellKnown.protectedResource(server), List.of(server)));
    var root = WellKnown.protectedResourceAtRoot(server);
    var origin = URI.create(server.value()).resolve("/").toString();
    places.add(
        new Place(
            root,
            List.of(
                server,
                new ResourceIndicator(origin),
                new ResourceIndicator(origin.substring(0, origin.length() - 1)))));
    return places;
  }

  private static Discovery judge(Answered answer, Place place) {
    try {
      var json = answer.json();
      var named = json.string("resource").orElse("");
      for (var expected : place.resources) {
        if (expected.value().equals(named)) {
          return new Discovery.Found(ProtectedResourceMetadata.parse(json, expected));
        }
      }
      return new Discovery.Stopped(
          place.url + " describes another resource than " + place.resources.getFirst());
    } catch (MalformedException e) {
      return new Discovery.Stopped(place.url + ": " + e.getMessage());
    }
  }

  /// @param resources what a document there may be about
  private record Place(URI url, List<ResourceIndicator> resources) {}
}
