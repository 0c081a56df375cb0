package dev.lanyard.conformance;

/// What somebody writes who hopes that a page takes it for markup.
final class Hostile {
  /// Without quotation marks, as it fits into files.
  static final String TAGS = "<script>alert('tags')</script><img src=x onerror=alert(1)>";

  /// With whatever ends an attribute.
  static final String NAME = "Eve\">" + TAGS + "'";

  private Hostile() {}
}
