package dev.lanyard.client.code;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a client program is to authorization servers that it may never have heard of (CLI-5).
///
/// @param name what people read when they are asked to agree
/// @param preRegistered what this client is at the servers that know it already; tried first
/// @param metadataDocument the `https` URL of its Client ID Metadata Document; tried next
/// @param registersItself whether it registers dynamically where nothing else helps; tried last
/// @param dpopKey to bind every token to; empty for bearer tokens
/// @param patience how long to wait for the person
public record CodeConfig(
    String name,
    Map<Issuer, ClientRegistration> preRegistered,
    Optional<ClientId> metadataDocument,
    boolean registersItself,
    Optional<SigningKey> dpopKey,
    Duration patience) {

  /// @throws IllegalArgumentException if the metadata document is not named by an `https` URL with
  ///   a path, or the patience is not positive
  public CodeConfig {
    preRegistered = Map.copyOf(preRegistered);
    metadataDocument.map(ClientId::value).map(URI::create).ifPresent(CodeConfig::checkDocument);
    if (!patience.isPositive()) {
      throw new IllegalArgumentException("patience must be positive");
    }
  }

  private static void checkDocument(URI url) {
    boolean named =
        url.getHost() != null && url.getRawPath() != null && url.getRawPath().length() > 1;
    if (!"https".equals(url.getScheme()) || !named || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a client metadata document has an https URL with a path: " + url);
    }
  }

  /// A client that is known nowhere and does not register itself: five minutes, bearer tokens.
  public static CodeConfig of(String name) {
    return new CodeConfig(
        name, Map.of(), Optional.empty(), false, Optional.empty(), Duration.ofMinutes(5));
  }

  /// The same, and registered at this server.
  public CodeConfig registeredAt(Issuer server, ClientRegistration registration) {
    var all = new HashMap<>(preRegistered);
    all.put(server, registration);
    return new CodeConfig(name, all, metadataDocument, registersItself, dpopKey, patience);
  }

  /// The same, and known by this document wherever such documents are accepted.
  public CodeConfig identifiedBy(URI document) {
    var id = Optional.of(new ClientId(document.toString()));
    return new CodeConfig(name, preRegistered, id, registersItself, dpopKey, patience);
  }

  /// The same, and registers itself where nothing else helps.
  public CodeConfig registeringItself() {
    return new CodeConfig(name, preRegistered, metadataDocument, true, dpopKey, patience);
  }

  /// The same with every token bound to this key.
  public CodeConfig boundTo(SigningKey key) {
    return new CodeConfig(
        name, preRegistered, metadataDocument, registersItself, Optional.of(key), patience);
  }

  /// The same, and waits so long for the person.
  public CodeConfig waiting(Duration time) {
    return new CodeConfig(name, preRegistered, metadataDocument, registersItself, dpopKey, time);
  }
}
