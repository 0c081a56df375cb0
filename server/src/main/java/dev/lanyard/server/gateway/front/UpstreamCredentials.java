package dev.lanyard.server.gateway.front;

import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The credentials for the MCP server behind a connector: never the token of the caller (RS-8).
/// Thread-safe.
public interface UpstreamCredentials {
  /// Sends nothing: for servers that only the gateway can reach.
  UpstreamCredentials NONE = (_, _, _) -> new Presented.With(List.of());

  /// The credentials for one request. Asked for every request; may block while they are obtained.
  ///
  /// @param connector its id in the role library
  /// @param caller for whom, verified
  /// @param bearing with what they call
  Presented of(String connector, Caller caller, Bearing bearing);

  /// Is told that the server has refused what was presented for this caller (401), so that the same
  /// is not presented again.
  default void refused(String connector, Caller caller, Bearing bearing) {}

  /// Tells of what was taken back, at whatever node: what has shown it upstream is cut off.
  ///
  /// @param listener gets the names of grants; must not wait
  default void onEnd(Consumer<Set<String>> listener) {}

  /// Whether a grant was taken back since it was presented, a moment ago.
  default boolean hasEnded(String grant) {
    return false;
  }

  /// With what somebody calls. It is for the gateway, and for the servers of this installation:
  /// never for the server upstream.
  ///
  /// @param token as they sent it; it was verified
  /// @param session in which they signed in, if it says that
  /// @param correlationId of the request, for the record
  record Bearing(Secret token, Optional<String> session, String correlationId) {}

  /// What to send.
  sealed interface Presented {
    /// These headers, which nobody else can set.
    ///
    /// @param grant names what they are of, if that can be taken back
    record With(List<Header> headers, Optional<String> grant) implements Presented {
      public With {
        headers = List.copyOf(headers);
      }

      /// Of nobody in particular.
      public With(List<Header> headers) {
        this(headers, Optional.empty());
      }
    }

    /// There are none for this person yet; the call is refused.
    ///
    /// @param why in one sentence for the person: what is missing and what to do
    record Missing(String why) implements Presented {}

    /// They can be obtained after a better sign-in; the call is challenged for one (RFC 9470).
    ///
    /// @param maxAge how long ago it may have been
    /// @param acrValues of which it must be one
    record StepUp(Optional<Duration> maxAge, List<String> acrValues) implements Presented {
      public StepUp {
        acrValues = List.copyOf(acrValues);
      }
    }

    /// They cannot be obtained now; the call is answered with 503.
    ///
    /// @param why for an operator
    record Unavailable(String why) implements Presented {}
  }

  /// A header.
  ///
  /// @param name e.g. `Authorization`
  record Header(String name, Secret value) {}
}
