package dev.lanyard.server.http.upstream;

/// A header.
public record Field(String name, String value) {
  /// Only the name: the value may be a credential.
  @Override
  public String toString() {
    return name;
  }
}
