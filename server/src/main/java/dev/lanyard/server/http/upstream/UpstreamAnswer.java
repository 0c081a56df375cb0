package dev.lanyard.server.http.upstream;

import dev.lanyard.server.http.BodySource;
import java.util.List;
import java.util.Optional;

/// What came of a request to a server upstream.
public sealed interface UpstreamAnswer {
  /// The head of an answer. Its body has to be read, or closed.
  record Answered(int status, List<Field> headers, BodySource body) implements UpstreamAnswer {
    public Answered {
      headers = List.copyOf(headers);
    }

    /// The only value of a header; empty if it is absent or there are several.
    public Optional<String> header(String name) {
      var values = headers.stream().filter(field -> field.name().equalsIgnoreCase(name)).toList();
      return values.size() == 1 ? Optional.of(values.getFirst().value()) : Optional.empty();
    }
  }

  /// None came.
  ///
  /// @param why for an operator
  record Failed(Cause cause, String why) implements UpstreamAnswer {}

  /// Why none came.
  enum Cause {
    /// There was no connection: nothing has reached the server.
    UNREACHABLE,
    /// It could not be written as HTTP, for its size or its form: nothing has reached the server,
    /// and the server has no part in it.
    UNSENT,
    /// Nothing came in time.
    SILENT,
    /// The connection ended, or what came was no HTTP.
    BROKEN,
    /// We have given it up ourselves.
    CUT
  }
}
