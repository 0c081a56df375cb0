package dev.lanyard.server.token;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Route;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// The public documents of an authorization server: the same at every well-known place (META-1,
/// META-2).
public final class ServerMetadata {
  private static final Duration LIFE = Duration.ofMinutes(5);

  private ServerMetadata() {}

  /// The routes of the document. They are absolute: a well-known path is inserted *before* the path
  /// of an issuer.
  public static List<Route> routes(AuthorizationServerMetadata metadata) {
    var document = document(metadata);
    return routes(metadata.issuer(), () -> document);
  }

  /// The routes of a document that may change.
  ///
  /// @param current answers the document of this moment; called for every request
  public static List<Route> routes(Issuer issuer, Supplier<Document> current) {
    return WellKnown.authorizationServer(issuer).stream()
        .map(URI::getPath)
        .map(path ->
            Route.get(path, Access.PUBLIC, request -> current.get().handle(request))
                .anyOrigin()
                .nonBlocking())
        .toList();
  }

  /// The document as it is served.
  public static Document document(AuthorizationServerMetadata metadata) {
    return Document.of(metadata.toJson(), LIFE);
  }

  /// The path of an issuer, below which its endpoints are.
  public static String path(Issuer issuer) {
    var path = issuer.uri().getPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /// The names of authentication methods.
  public static List<String> methods(AuthMethod... methods) {
    return Arrays.stream(methods).map(AuthMethod::value).toList();
  }

  /// The algorithms that clients may sign with.
  public static List<String> algorithms() {
    return Arrays.stream(SigningAlgorithm.values()).map(SigningAlgorithm::value).toList();
  }
}
