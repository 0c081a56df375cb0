package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Map;

/// An entry of `separation_of_duty:`: scopes that nobody may have all together, however they come
/// by them. Who would have all of them is given none of them.
///
/// @param name unique in the library
/// @param justification who answers for it, and why it is there
/// @param neverTogether the scopes by connector; two at least
public record Separation(
    String name, Justification justification, Map<String, Scopes> neverTogether) {
  public Separation {
    neverTogether = Map.copyOf(neverTogether);
  }
}
