package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Bearing;
import dev.lanyard.server.gateway.front.UpstreamCredentials.Presented;
import dev.lanyard.server.gateway.message.ClientCapabilities;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.task.TaskCanceller;
import dev.lanyard.server.gateway.task.TaskId;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import dev.lanyard.server.http.upstream.UpstreamCall;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cancels tasks and ends sessions over HTTP, tasks also at a command, with the credentials that
/// the gateway has at the server.
public final class UpstreamTaskCanceller implements TaskCanceller {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamTaskCanceller.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Front front;
  private final UpstreamCredentials credentials;
  private final Forwarding.Way way;
  private final Function<UpstreamRequest, UpstreamCall> direct;

  /// @param way how the server is reached for somebody
  /// @param direct how it is reached over HTTP, for somebody who is no longer let in
  public UpstreamTaskCanceller(
      Front front,
      UpstreamCredentials credentials,
      Forwarding.Way way,
      Function<UpstreamRequest, UpstreamCall> direct) {
    this.front = front;
    this.credentials = credentials;
    this.way = way;
    this.direct = direct;
  }

  @Override
  public void cancel(Admitted who, TaskId id) {
    var at = At.of(who);
    var _ =
        isTaken(
            who.caller(),
            who.bearing(),
            proofs -> request(at, id, proofs),
            request -> way.begin(who, request));
  }

  @Override
  public boolean cancel(Caller caller, String correlationId, At at, TaskId id) {
    return isTaken(caller, nothing(correlationId), proofs -> request(at, id, proofs), direct);
  }

  @Override
  public boolean end(Caller caller, String correlationId, At at) {
    return isTaken(caller, nothing(correlationId), proofs -> end(at, proofs), direct);
  }

  private static Bearing nothing(String correlationId) {
    return new Bearing(new Secret(""), Optional.empty(), correlationId);
  }

  private boolean isTaken(
      Caller caller,
      Bearing bearing,
      Function<List<UpstreamCredentials.Header>, UpstreamRequest> asked,
      Function<UpstreamRequest, UpstreamCall> begin) {
    try {
      if (credentials.of(front.connector(), caller, bearing)
              instanceof Presented.With(var proofs, _)
          && begin.apply(asked.apply(proofs)).await(PATIENCE) instanceof Answered answered) {
        answered.body().closed();
        return isTaken(answered.status());
      }
    } catch (RuntimeException e) {
      LOG.warn("{}: a task or session could not be ended", bearing.correlationId(), e);
    }
    return false;
  }

  /// A session that is gone, or that a server lets nobody end, needs no second attempt.
  private static boolean isTaken(int status) {
    return status < 300 || status == 404 || status == 405;
  }

  private UpstreamRequest end(At at, List<UpstreamCredentials.Header> proofs) {
    var headers = new ArrayList<Field>();
    at.revision().ifPresent(revision -> headers.add(new Field(McpHeaders.REVISION, revision)));
    at.session().ifPresent(session -> headers.add(new Field(McpHeaders.SESSION, session)));
    proofs.forEach(proof -> headers.add(new Field(proof.name(), proof.value().reveal())));
    return new UpstreamRequest("DELETE", front.serverName(), headers, ByteBuffer.allocate(0));
  }

  private UpstreamRequest request(At at, TaskId id, List<UpstreamCredentials.Header> proofs) {
    var message =
        Replies.request(new RpcId.Text("lanyard-end"), McpMethod.TASKS_CANCEL, params(at, id));
    var headers = new ArrayList<Field>();
    headers.add(new Field("Content-Type", "application/json"));
    headers.add(new Field("Accept", "application/json, text/event-stream"));
    at.revision().ifPresent(revision -> headers.add(new Field(McpHeaders.REVISION, revision)));
    at.session().ifPresent(session -> headers.add(new Field(McpHeaders.SESSION, session)));
    if (at.era() == Era.STATELESS) {
      headers.add(new Field(MirroredHeaders.METHOD, McpMethod.TASKS_CANCEL));
      headers.add(new Field(MirroredHeaders.NAME, MirroredHeaders.encoded(id.value())));
    }
    proofs.forEach(proof -> headers.add(new Field(proof.name(), proof.value().reveal())));
    return new UpstreamRequest(
        "POST", front.serverName(), headers, ByteBuffer.wrap(message.toBytes()));
  }

  private static JsonObject params(At at, TaskId id) {
    var params = JsonObject.builder().put("taskId", id.value());
    return at.era() == Era.STATELESS
        ? params
            .put(MetaKey.META, MetaKey.ofRequest(Replies.SELF, ClientCapabilities.TASKS_ONLY))
            .build()
        : params.build();
  }
}
