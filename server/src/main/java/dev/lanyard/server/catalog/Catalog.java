package dev.lanyard.server.catalog;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// The connectors of the role library, found by id, resource or authorization server. It follows
/// the library when that is reloaded; a look-up is one hash look-up. Thread-safe.
public final class Catalog {
  private final Supplier<Library> library;
  private volatile Index index;

  /// @param library answers the library in force
  public Catalog(Supplier<Library> library) {
    this.library = library;
    this.index = Index.of(library.get());
  }

  /// Every connector, in the order of the ids.
  public List<Connector> all() {
    return index().library.connectors();
  }

  /// The connector with this id.
  public Optional<Connector> byId(String id) {
    return Optional.ofNullable(index().byId.get(id));
  }

  /// The connector with exactly this resource identifier.
  public Optional<Connector> byResource(ResourceIndicator resource) {
    return Optional.ofNullable(index().byResource.get(resource));
  }

  /// The types of authorization details that any connector has, in the order of their names
  /// (META-17).
  public List<String> authorizationDetailTypes() {
    return index().detailTypes;
  }

  /// The registered authorization server that a client means by an `audience`: one slash more or
  /// less at the end is forgiven, because clients send what somebody typed. Only the registered
  /// identifier may go into a token. An unknown one is empty, and an error for the caller (IDP-3,
  /// IDP-4).
  ///
  /// @param audience as it was sent
  public Optional<Issuer> authorizationServer(String audience) {
    return Optional.ofNullable(index().byAudience.get(Library.audienceKey(audience)));
  }

  @SuppressWarnings(
      "ReferenceEquality") // Cheap at every request: what was not read anew is the same.
  private Index index() {
    var current = library.get();
    var known = index;
    if (known.library != current) {
      known = Index.of(current);
      index = known;
    }
    return known;
  }

  private record Index(
      Library library,
      Map<String, Connector> byId,
      Map<ResourceIndicator, Connector> byResource,
      Map<String, Issuer> byAudience,
      List<String> detailTypes) {

    static Index of(Library library) {
      var all = library.connectors();
      return new Index(
          library,
          all.stream().collect(toUnmodifiableMap(Connector::id, Function.identity())),
          all.stream().collect(toUnmodifiableMap(Connector::resource, Function.identity())),
          all.stream()
              .map(Connector::authorizationServer)
              .distinct()
              .collect(
                  toUnmodifiableMap(
                      issuer -> Library.audienceKey(issuer.value()), Function.identity())),
          all.stream()
              .flatMap(connector -> connector.details().keySet().stream())
              .distinct()
              .sorted()
              .toList());
    }
  }
}
