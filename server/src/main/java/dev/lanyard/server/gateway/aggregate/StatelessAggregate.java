package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.Mirrored;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.admission.Replies.Fault;
import dev.lanyard.server.gateway.message.Envelope;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.stdio.StatelessTranslation;
import java.util.List;

/// An aggregate for clients of 2026-07-28, where each request stands alone. To connectors that
/// speak it requests go as they are; at those that begin with `initialize` the caller has a session
/// that this node keeps, as a client that can do nothing for servers.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning MCP versioning
public final class StatelessAggregate {
  private final List<Part> parts;
  private final PartCalls calls;
  private final PartSessions open;
  private final PartLists lists;
  private final PartSubscriptions subscriptions;
  private final Replies replies;

  public StatelessAggregate(
      List<Part> parts,
      PartCalls calls,
      PartSessions open,
      PartLists lists,
      PartSubscriptions subscriptions,
      Replies replies) {
    this.parts = List.copyOf(parts);
    this.calls = calls;
    this.open = open;
    this.lists = lists;
    this.subscriptions = subscriptions;
    this.replies = replies;
  }

  Response messages(Admitted who, Envelope envelope) {
    if (envelope.batch()) {
      return refused(
          who,
          400,
          RpcCode.INVALID_REQUEST,
          "batches are no part of this revision",
          envelope.id(),
          new Evidence("batch", "one message", "several", "RS-14"));
    }
    var message = envelope.messages().getFirst();
    var disagreement = Mirrored.disagreement(who.request(), message, calls::repeated);
    if (disagreement.isPresent()) {
      var fault = disagreement.get();
      note(who, new Evidence("headers", "as the body", fault.words(), "RS-14"));
      return Replies.error(
          400, RpcError.of(fault.code(), fault.words(), who.correlationId()), envelope.id());
    }
    var response =
        message instanceof Message.Request request
            ? requested(who, request)
            // Of notifications nobody would know whom they are about.
            : Response.empty(202);
    // What was merged before the token died is nobody's any more; a stream ends by itself.
    return who.passage().isCut() && response.source().isEmpty()
        ? replies.cut(who, envelope.id())
        : response;
  }

  private Response requested(Admitted who, Message.Request request) {
    var session = AggregateSession.stateless(who.caller());
    try {
      return switch (request.method()) {
        case McpMethod.DISCOVER -> discovered(who, session, request.id());
        case McpMethod.TOOLS_LIST,
            McpMethod.PROMPTS_LIST,
            McpMethod.RESOURCES_LIST,
            McpMethod.RESOURCE_TEMPLATES_LIST ->
            kept(request.id(), lists.merged(who, session, openTo(who), request));
        case McpMethod.TOOLS_CALL,
            McpMethod.PROMPTS_GET,
            McpMethod.RESOURCES_READ,
            McpMethod.COMPLETE ->
            calls.owned(who, session, request);
        case McpMethod.TASKS_GET, McpMethod.TASKS_UPDATE, McpMethod.TASKS_CANCEL ->
            calls.ofTask(who, session, request);
        case McpMethod.LISTEN -> subscriptions.opened(who, session, openTo(who), request);
        default -> replies.refused(who, request.id(), Fault.unknownMethod(404, request.method()));
      };
    } catch (MalformedException e) {
      return replies.refused(who, request.id(), Fault.params(e));
    }
  }

  private List<Part> openTo(Admitted who) {
    return parts.stream().filter(part -> part.isOpenTo(who.caller())).toList();
  }

  private Response discovered(Admitted who, AggregateSession session, RpcId id) {
    var introduction = new Introduction(replies.front(), session.revision());
    PartLists.each(openTo(who), part -> open.introduced(who, session, part))
        .forEach(introduction::add);
    return kept(id, introduction.discovered());
  }

  private static Response kept(RpcId id, JsonObject result) {
    var whole = StatelessTranslation.COMPLETE.with(StatelessTranslation.NOT_KEPT).with(result);
    return Replies.result(id, whole);
  }

  private void note(Admitted who, Evidence why) {
    var evidence = CallRecord.failed(why).build();
    replies.record().write(CallRecord.CALL, replies.front(), who, Outcome.REFUSED, evidence);
  }

  private Response refused(
      Admitted who, int status, int code, String words, RpcId to, Evidence why) {
    return replies.refused(who, to, new Fault(status, code, words, why));
  }
}
