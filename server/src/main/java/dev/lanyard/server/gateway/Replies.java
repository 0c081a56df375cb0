package dev.lanyard.server.gateway;

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
