package dev.lanyard.protocol.jwks;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.RemoteDocument.Failed;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetch;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetched;
import dev.lanyard.protocol.jwks.RemoteDocument.Silent;
import java.net.URI;

/// Fetches a JSON document and gives it its meaning.
final class JsonFetch {
  private JsonFetch() {}

  static <T> Fetch<T> from(EgressClient egress, URI uri, Reader<T> reader) {
    return switch (egress.send(EgressRequest.get(uri))) {
      case EgressResult.Answered answer when answer.status() == 200 -> read(answer, reader);
      case EgressResult.Answered answer -> new Failed<>("status " + answer.status());
      case EgressResult.Refused(var reason) -> new Failed<>(reason);
      case EgressResult.Failed(var reason) -> new Silent<>(reason);
    };
  }

  private static <T> Fetch<T> read(EgressResult.Answered answer, Reader<T> reader) {
    try {
      return new Fetched<>(reader.read(answer.json()));
    } catch (MalformedException e) {
      return new Failed<>(e.getMessage());
    }
  }

  interface Reader<T> {
    T read(JsonObject json) throws MalformedException;
  }
}
