package dev.lanyard.server.gateway.task;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.message.Era;
import java.util.Optional;

/// Has a server cancel a task (`tasks/cancel`) of which nobody may ask any more what becomes of it,
/// or end a session (`DELETE`). Nothing depends on whether it does: they are nobody's here.
public interface TaskCanceller {
  /// For somebody who is here.
  void cancel(Admitted who, TaskId id);

  /// For somebody who is no longer let in. With what they had at the server themselves it is not
  /// done: that has ended as well.
  ///
  /// @return whether the server has taken it
  boolean cancel(Caller caller, String correlationId, At at, TaskId id);

  /// Ends a session for somebody who is no longer let in, likewise.
  ///
  /// @return whether the server has taken it
  boolean end(Caller caller, String correlationId, At at);

  /// All that has to be known to cancel a task later, on whatever node.
  static Secret address(At at, TaskId id) {
    return address(at, Optional.of(id));
  }

  /// The same to end the session.
  static Secret address(At at) {
    return address(at, Optional.empty());
  }

  private static Secret address(At at, Optional<TaskId> id) {
    return new Secret(
        JsonObject.builder()
            .putIfPresent("id", id.map(TaskId::value))
            .put("era", at.era().name())
            .putIfPresent("revision", at.revision())
            .putIfPresent("session", at.session())
            .build()
            .toJson());
  }

  /// For somebody who is no longer let in, by an address that was kept.
  ///
  /// @return whether the server has taken it
  default boolean cancel(Caller caller, String correlationId, Secret address) {
    try {
      var kept = JsonObject.parse(address.reveal());
      var at =
          new At(
              Era.valueOf(kept.nonEmptyString("era")),
              kept.string("revision"),
              kept.string("session"));
      return kept.has("id")
          ? cancel(caller, correlationId, at, TaskId.of(kept.nonEmptyString("id")))
          : end(caller, correlationId, at);
    } catch (MalformedException e) {
      throw new IllegalStateException("an address of our own that cannot be read", e);
    }
  }

  /// How the server was spoken to.
  ///
  /// @param revision as the client named it
  record At(Era era, Optional<String> revision, Optional<String> session) {
    public static At of(Admitted who) {
      var request = who.request();
      return new At(
          who.era(),
          request.header(McpHeaders.REVISION),
          who.era() == Era.STATELESS ? Optional.empty() : request.header(McpHeaders.SESSION));
    }
  }
}
