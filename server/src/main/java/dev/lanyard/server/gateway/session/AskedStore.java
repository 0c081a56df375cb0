package dev.lanyard.server.gateway.session;

import dev.lanyard.server.gateway.message.RpcId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// What was asked in sessions on streams that can be resumed: an answer that comes later, on
/// another stream, is judged by the request that it answers, on whatever node.
interface AskedStore {
  /// Keeps what was asked. An id that was used before for something else then has both.
  ///
  /// @param session as the server upstream calls it
  /// @param forgetAfter when no answer can come any more
  /// @throws java.io.UncheckedIOException if it is not kept; the stream must not be resumable then
  void keep(String connector, String session, Map<RpcId, Expected> asked, Instant forgetAfter);

  /// What the answer to a request may hold; empty if it was not asked.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer; no answer may be passed on
  Set<Expected> expected(String connector, String session, RpcId id);
}
