package dev.lanyard.server.transparency;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.tlog.NoteKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Who else keeps what the log has signed.
///
/// @param anchors places that keep checkpoints
/// @param witnesses that cosign checkpoints
/// @param every how often they are told
/// @param readers the secret of whoever may read checkpoint and tiles over HTTP; absent if nobody
///   may
/// @param retention how long records are kept
public record TransparencyConfig(
    List<Anchor> anchors,
    List<WitnessAt> witnesses,
    Duration every,
    Optional<Secret> readers,
    RetentionTimes retention) {
  /// Nobody else does.
  public static final TransparencyConfig NONE =
      new TransparencyConfig(
          List.of(), List.of(), Duration.ofMinutes(1), Optional.empty(), RetentionTimes.FOR_EVER);

  public TransparencyConfig {
    anchors = List.copyOf(anchors);
    witnesses = List.copyOf(witnesses);
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("audit.every must be at least 1s");
    }
    long names =
        anchors.stream().map(Anchor::name).distinct().count()
            + witnesses.stream().map(WitnessAt::name).distinct().count();
    if (names != anchors.size() + witnesses.size()) {
      throw new IllegalArgumentException(
          "a place in audit.anchors or audit.witnesses is named twice");
    }
  }

  /// A place that keeps checkpoints.
  public sealed interface Anchor {
    /// As alarms call it.
    String name();

    /// A file of this node's, to which they are appended.
    record InFile(Path file) implements Anchor {
      @Override
      public String name() {
        return "file " + file;
      }
    }

    /// A URL that they are sent to.
    ///
    /// @param method `PUT` or `POST`
    /// @param url `{size}` in it becomes the size of the log, so that an object store keeps them
    ///   all
    /// @param secret goes with them as a bearer token
    record OverHttp(String method, String url, Optional<Secret> secret) implements Anchor {
      public OverHttp {
        if (!isHttp(at(url, 0))) {
          throw new IllegalArgumentException("'" + url + "' is not an http or https URL");
        }
      }

      boolean isPut() {
        return method.equals("PUT");
      }

      /// Whether each checkpoint has a URL of its own.
      boolean isOneForEach() {
        return url.contains("{size}");
      }

      static URI at(String url, long size) {
        return URI.create(url.replace("{size}", String.valueOf(size)));
      }

      /// Without the query, which may hold a secret.
      @Override
      public String name() {
        return method + " " + url.replaceFirst("\\?.*", "");
      }
    }
  }

  /// A witness by the C2SP tlog-witness protocol.
  ///
  /// @param url its submission prefix
  public record WitnessAt(URI url, NoteKey key) {
    public WitnessAt {
      if (!isHttp(url) || !key.isWitness()) {
        throw new IllegalArgumentException(
            "a witness has an http or https URL, and a key of the type for cosignatures");
      }
    }

    String name() {
      return "witness " + key.name();
    }
  }

  private static boolean isHttp(URI url) {
    return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
        && url.getHost() != null;
  }
}
