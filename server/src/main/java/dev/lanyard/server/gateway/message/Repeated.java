package dev.lanyard.server.gateway.message;

import java.util.List;

/// A parameter that is repeated in a header.
///
/// @param header what follows `Mcp-Param-` in the header's name
/// @param path the names that lead from the arguments to the value
public record Repeated(String header, List<String> path) {
  public Repeated {
    path = List.copyOf(path);
  }
}
