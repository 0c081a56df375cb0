package dev.lanyard.server.catalog;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.yaml.Durations;
import dev.lanyard.server.yaml.Reloading;
import dev.lanyard.server.yaml.YamlFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// The catalogue: what is known of connectors and identity providers, from the built-in file and
/// from the files of the organisation. It decides nothing. Immutable.
///
/// @param asOf when somebody looked last
/// @param connectors in the order of their ids
/// @param providers in the order of their ids
public record KnownWorld(
    LocalDate asOf, List<KnownConnector> connectors, List<KnownProvider> providers) {
  private static final String BUILT_IN = "known-world.yaml";

  public KnownWorld {
    connectors = List.copyOf(connectors);
    providers = List.copyOf(providers);
  }

  /// The catalogue of this release.
  public static KnownWorld builtIn() {
    return new WorldReader().file(Path.of(BUILT_IN), resource()).world();
  }

  /// The catalogue of this release with what the files of a folder say besides: their statements
  /// are added, and a name, category or address that they give takes the place of the built-in one.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in the files
  public static KnownWorld read(Path folder) {
    var reader = new WorldReader().file(Path.of(BUILT_IN), resource()).overlay();
    YamlFolder.contents(folder)
        .forEach((name, content) -> reader.file(folder.resolve(name), content));
    return reader.world();
  }

  /// Reads a folder and goes on watching it.
  ///
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in its files
  ///   now
  public static Reloading<KnownWorld> watch(Path folder) {
    return Reloading.open(folder, (path, _) -> read(path));
  }

  private static byte[] resource() {
    try (var stream = KnownWorld.class.getResourceAsStream(BUILT_IN)) {
      if (stream == null) {
        throw new IllegalStateException("the catalogue is missing from this build");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The connector with this id.
  public Optional<KnownConnector> connector(String id) {
    return connectors.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// The identity provider with this id.
  public Optional<KnownProvider> provider(String id) {
    return providers.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// What is known of a connector of the role library: of the one with its address; or of the one
  /// with its id, unless that is known to be on another host. An organisation's own `notion` is not
  /// the vendor's.
  public Optional<KnownConnector> of(Connector connector) {
    return connectors.stream()
        .filter(one -> one.address().equals(Optional.of(connector.resource())))
        .findFirst()
        .or(() ->
            connector(connector.id())
                .filter(one ->
                    one.address()
                        .map(address -> host(address).equals(host(connector.resource())))
                        .orElse(true)));
  }

  /// How long access tokens live.
  ///
  /// @param by who has said so
  public record TokenLife(Duration life, Statement by) {}

  /// How long the access tokens of a connector's server live, by what was said last up to a day;
  /// empty if nobody has said it, or two contradict.
  public Optional<TokenLife> tokenLife(Connector connector, LocalDate day) {
    return of(connector)
        .flatMap(one -> one.seen().fact(Fact.TOKEN_LIFE, day))
        .map(said -> new TokenLife(Durations.parse(said.value()), said.by()));
  }

  private static String host(ResourceIndicator resource) {
    return String.valueOf(URI.create(resource.value()).getHost());
  }
}
