package dev.lanyard.server.stdio;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.flight.SingleFlight;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.stdio.Processes.Start;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The processes that serve requests without sessions: one for each person through each client.
/// Whoever asks first has it started, and it is kept for whatever they ask next. Thread-safe.
///
/// @param <O> for whom they run
final class SharedProcesses<O extends Owner> {
  private final int messageBytes;
  private final Map<List<String>, Shared<O>> shared = new ConcurrentHashMap<>();
  private final SingleFlight<List<String>, Start<O>> starting = new SingleFlight<>();

  /// Whether the command is known to begin with `initialize`.
  private final AtomicBoolean begins = new AtomicBoolean();

  SharedProcesses(int messageBytes) {
    this.messageBytes = messageBytes;
  }

  private record Shared<O extends Owner>(StdioProcess<O> process, StatelessTalk talk) {}

  /// Asks the process of somebody, which is started if there is none.
  ///
  /// @param id of the request, as it is written
  UpstreamCall ask(O owner, Processes<O> processes, String id, JsonObject message) {
    for (int round = 0; round < 2; round++) {
      var found = Optional.ofNullable(shared.get(owner.pair()));
      if (found.flatMap(one -> processes.heard(one.process().name(), owner)).isEmpty()) {
        switch (started(owner, processes)) {
          case Start.Refused<O>(var why) -> {
            return StdioServer.refused(503, id, RpcCode.SERVER_ERROR, why);
          }
          case Start.Begun<O> _ -> found = Optional.ofNullable(shared.get(owner.pair()));
        }
      }
      var call = found.flatMap(one -> one.talk().ask(message));
      if (call.isPresent()) {
        return call.get();
      }
      // It has ended meanwhile: nothing of it is in the next one (MCP stdio, Unexpected
      // Termination).
    }
    return StdioServer.refused(
        503, id, RpcCode.SERVER_ERROR, "The server ends as soon as it is asked.");
  }

  /// The name of the process of somebody, if there is one.
  Optional<String> of(O owner) {
    return Optional.ofNullable(shared.get(owner.pair())).map(one -> one.process().name());
  }

  /// Of two requests of somebody that come first together only one starts a process; others wait
  /// for neither.
  private Start<O> started(O owner, Processes<O> processes) {
    var landed = starting.landed(owner.pair(), () -> begun(owner, processes));
    if (!landed.isOwn() && landed.value() instanceof Start.Begun<O>(var process)) {
      var _ = processes.heard(process.name(), owner);
    }
    return landed.value();
  }

  private Start<O> begun(O owner, Processes<O> processes) {
    var other = shared.get(owner.pair());
    if (other != null && processes.heard(other.process().name(), owner).isPresent()) {
      return new Start.Begun<>(other.process());
    }
    var start = processes.start(owner);
    if (start instanceof Start.Begun<O>(var process)) {
      var talk = new StatelessTalk(process.conversation(), messageBytes, begins);
      process.conversation().strayTo(talk::stray);
      shared.put(owner.pair(), new Shared<>(process, talk));
      process.begin();
      talk.greet();
    }
    return start;
  }

  void ended(StdioProcess<O> process) {
    shared.values().removeIf(one -> one.process() == process);
  }
}
