package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.catalog.Bucket;
import java.util.Optional;

/// What one look at a connector found.
public sealed interface Finding {
  /// It publishes enough to be judged.
  record Seen(Published published) implements Finding {
    /// `early` is announced by people and cannot be seen.
    @Override
    public Optional<Bucket> bucket() {
      return Optional.of(published.idJag() ? Bucket.LIVE : Bucket.TRACKING);
    }

    @Override
    public String text() {
      if (published.idJag()) {
        return "its authorization server says that it takes ID-JAGs";
      }
      return published.jwtBearer()
          ? "its authorization server takes assertions (JWT bearer) and does not say that it takes"
              + " ID-JAGs: whoever knows better writes it into the catalogue"
          : "its authorization server does not say that it takes ID-JAGs";
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().put("published", published.toJson()).build();
    }
  }

  /// Nobody can tell, and nothing is guessed.
  ///
  /// @param reason why
  record Unknown(String reason) implements Finding {
    @Override
    public Optional<Bucket> bucket() {
      return Optional.empty();
    }

    @Override
    public String text() {
      return "unknown: " + reason;
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().put("unknown", reason).build();
    }
  }

  /// What can be said of it by that.
  Optional<Bucket> bucket();

  /// For people.
  String text();

  JsonObject toJson();

  /// Whether this is about the same, so that it is one evidence with a longer life. Why nobody
  /// could tell may be said in other words every time.
  default boolean isLike(Finding other) {
    return equals(other) || (this instanceof Unknown && other instanceof Unknown);
  }

  static Finding parse(JsonObject json) throws MalformedException {
    var published = json.object("published");
    return published.isPresent()
        ? new Seen(Published.parse(published.get()))
        : new Unknown(json.string("unknown").orElse("it was not recorded why"));
  }
}
