package dev.lanyard.server.scim;

import java.util.Optional;

/// What a `PATCH` operation is about.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.5.2 RFC 7644 §3.5.2
sealed interface PatchPath {
  /// A whole extension.
  record Extension(Schema schema) implements PatchPath {}

  /// An attribute, or those of its values that the filter describes.
  record Target(AttributePath path, Optional<Filter> filter) implements PatchPath {}
}
