package dev.lanyard.server.saml;

import java.net.URI;

/// What we are told of a provider.
///
/// @param entityId what it calls itself, byte for byte
/// @param source where the rest is described
/// @param signed what it must sign of an answer
public record SamlConfig(String entityId, Source source, Signed signed) {
  /// SAML Core §8.3.6.
  private static final int LONGEST = 1024;

  /// @throws IllegalArgumentException if the entity id is none, or the description another's
  public SamlConfig {
    if (entityId.isBlank() || entityId.length() > LONGEST) {
      throw new IllegalArgumentException("entity_id must have 1 to " + LONGEST + " characters");
    }
    if (source instanceof Source.Fixed(var description)
        && !description.entityId().equals(entityId)) {
      throw new IllegalArgumentException(
          "entity_id is " + entityId + ", described is " + description.entityId());
    }
  }

  /// Where a provider is described.
  public sealed interface Source {
    /// In the configuration or in a file beside it.
    record Fixed(ProviderDescription description) implements Source {}

    /// In metadata that the provider serves and changes when its keys change.
    record Remote(URI metadata) implements Source {}
  }
}
