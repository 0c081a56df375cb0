package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Answered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway answers itself, or makes of what a server has answered.
///
/// @param name of the connector, for people
record Replies(String name) {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  static Response error(int status, RpcError error, RpcId to) {
    return Response.json(status, error.answer(to)).noStore();
  }

  /// An answer that has succeeded.
  static Response result(RpcId to, JsonObject result) {
    return Response.json(
            200, to.on(JsonObject.builder().put("jsonrpc", "2.0")).put("result", result).build())
        .noStore();
  }

  /// A request of the gateway's own.
  static JsonObject request(RpcId id, String method, JsonObject params) {
    return id.on(JsonObject.builder().put("jsonrpc", "2.0"))
        .put("method", method)
        .put("params", params)
        .build();
  }

  /// The server has failed; what exactly is for the operator's log.
  ///
  /// @param what it did, to follow the name of the connector
  Response broken(int status, Admitted who, RpcId to, String what, String detail) {
    LOG.warn("{}: {} {}: {}", who.correlationId(), name, what, detail);
    int code = status == 503 ? RpcError.UNAVAILABLE : RpcError.UPSTREAM_BROKEN;
    var sentence = name + " " + what + ".";
    return error(status, RpcError.of(code, sentence, who.correlationId()), to);
  }

  /// What is said on a stream that will not go on.
  RpcError brokenOff(Admitted who) {
    return RpcError.of(
        RpcError.UPSTREAM_BROKEN, name + " broke off before it had answered.", who.correlationId());
  }

  /// The token has died while the request was under way.
  Response cut(Admitted who, RpcId to) {
    var sentence = "The access ended while this request was under way.";
    return error(401, RpcError.of(RpcError.DENIED, sentence, who.correlationId()), to);
  }

  static Response withHeaders(Response response, Answered answered, String... names) {
    var with = response;
    for (var name : names) {
      var value = answered.header(name);
      if (value.isPresent()) {
        with = with.withHeader(name, value.get());
      }
    }
    return with;
  }
}
