package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.gateway.message.Repeated;
import java.util.List;

/// Lets the grades of the library decide alone.
final class GradesOnly implements ToolLock {
  @Override
  public void seen(String connector, List<JsonObject> tools) {
    // What is not graded is hidden by the library itself.
  }

  @Override
  public Standing introduced(String connector, String instructions) {
    return new Standing.Free();
  }

  @Override
  public List<Repeated> repeated(String connector, String tool) {
    return List.of();
  }

  @Override
  public Standing of(String connector, String tool) {
    return new Standing.Free();
  }
}
