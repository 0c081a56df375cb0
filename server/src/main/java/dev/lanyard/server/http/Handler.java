package dev.lanyard.server.http;

/// Answers the requests of one route. An exception is answered with an error and a correlation id,
/// and logged: with 503 an [java.io.UncheckedIOException], by which the parts underneath say that
/// they cannot answer now; with 500 any other, which is a bug of ours.
@FunctionalInterface
public interface Handler {
  Response handle(Request request);
}
