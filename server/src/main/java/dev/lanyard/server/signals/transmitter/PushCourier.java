package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.signals.outbound.Sending;
import dev.lanyard.server.signals.outbound.SignalSigner;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Pushes a security event to the receiver of a stream. The receiver knows a repeated one by its
/// `jti`.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8935.html#section-2.1 RFC 8935 §2.1 (SSF-15, SSF-20)
final class PushCourier implements Courier {
  private final EventQueue queue;
  private final SignalSigner signer;
  private final MasterKey masterKey;
  private final Platform platform;

  PushCourier(EventQueue queue, SignalSigner signer, MasterKey masterKey, Platform platform) {
    this.queue = queue;
    this.signer = signer;
    this.masterKey = masterKey;
    this.platform = platform;
  }

  /// What a receiver's `Authorization` is sealed for.
  static String context(String stream) {
    return "push authorization of stream " + stream;
  }

  @Override
  public Result carry(Parcel parcel) {
    try {
      var body = parcel.delivery().body();
      var id = body.nonEmptyString("event");
      var streamId = body.nonEmptyString("stream");
      var found =
          platform
              .database()
              .read(connection -> {
                var stream = Stream.find(connection, streamId);
                return stream.isEmpty()
                    ? Optional.<Found>empty()
                    : queue
                        .sent(connection, stream.get(), id)
                        .map(event -> new Found(stream.get(), event));
              });
      return found.isEmpty() ? new Result.Gone("the event was taken back") : pushed(found.get());
    } catch (MalformedException e) {
      throw new IllegalStateException("a delivery of an event cannot be read", e);
    }
  }

  private record Found(Stream stream, EventQueue.Queued event) {}

  private Result pushed(Found found) {
    var stream = found.stream();
    if (stream.endpoint().isEmpty()) {
      return new Result.Gone("the stream does not push now");
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", SecurityEventToken.MEDIA_TYPE);
    headers.put("Accept", "application/json");
    stream
        .sealedAuthorization()
        .ifPresent(sealed ->
            headers.put("Authorization", masterKey.open(sealed, context(stream.id())).reveal()));
    var request =
        new EgressRequest(
            "POST",
            URI.create(stream.endpoint().get()),
            headers,
            signer.event(found.event().claims()));
    var result = platform.egress().send(request);
    if (Sending.result(result) instanceof Result.Delivered delivered) {
      platform
          .database()
          .write(connection -> queue.acknowledged(connection, stream, found.event().id()));
      return delivered;
    }
    return result instanceof EgressResult.Answered answer && answer.status() == 400
        ? new Result.Refused("the receiver refused it: " + error(answer))
        : Sending.result(result);
  }

  /// Only a word of the specification's form: the receiver may write anything.
  private static String error(EgressResult.Answered answer) {
    try {
      return answer.json().string("err").filter(err -> err.matches("[a-z_]{1,40}")).orElse("400");
    } catch (MalformedException e) {
      return "400";
    }
  }
}
