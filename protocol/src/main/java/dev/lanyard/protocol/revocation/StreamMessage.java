package dev.lanyard.protocol.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// What a revocation stream says. Every message is one server-sent event whose `event` is the
/// message's name, and whose `id` is its sequence number once the reader has everything up to it.
public sealed interface StreamMessage {
  /// The name of the event.
  String name();

  /// Everything up to this number is known once this message is applied.
  long sequence();

  JsonObject toJson();

  /// What is denied now, in one or more parts.
  ///
  /// @param complete whether it takes the place of what the reader knows; otherwise it adds to it
  /// @param last whether this is its last part
  record Snapshot(long sequence, boolean complete, boolean last, List<Notice> notices)
      implements StreamMessage {
    static final String NAME = "snapshot";

    public Snapshot {
      notices = List.copyOf(notices);
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("sequence", sequence)
          .put("complete", complete)
          .put("last", last)
          .put("denials", notices.stream().map(Notice::toJson).toList())
          .build();
    }
  }

  /// What was denied since the last message.
  record Denied(long sequence, List<Notice> notices) implements StreamMessage {
    static final String NAME = "denied";

    public Denied {
      notices = List.copyOf(notices);
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder()
          .put("sequence", sequence)
          .put("denials", notices.stream().map(Notice::toJson).toList())
          .build();
    }
  }

  /// Nothing has happened.
  ///
  /// @param fresh whether the server itself knows of everything; if not, neither does the reader
  record Heartbeat(long sequence, boolean fresh) implements StreamMessage {
    static final String NAME = "heartbeat";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public JsonObject toJson() {
      return JsonObject.builder().put("sequence", sequence).put("fresh", fresh).build();
    }
  }

  /// As it goes over the wire.
  default String toEvent() {
    // A reader that has only a part of a snapshot must not come back as if it had all of it.
    boolean isWhole = !(this instanceof Snapshot snapshot) || snapshot.last();
    var id = isWhole ? "id: " + sequence() + "\n" : "";
    return "event: " + name() + "\n" + id + "data: " + toJson().toJson() + "\n\n";
  }

  /// Reads one event.
  ///
  /// @throws MalformedException if it is not one of these, or not in their form
  static StreamMessage parse(String name, String data) throws MalformedException {
    var json = JsonObject.parse(data);
    long sequence =
        json.integer("sequence")
            .filter(number -> number >= 0)
            .orElseThrow(() -> new MalformedException("no 'sequence'"));
    return switch (name) {
      case Snapshot.NAME ->
          new Snapshot(sequence, flag(json, "complete"), flag(json, "last"), notices(json));
      case Denied.NAME -> new Denied(sequence, notices(json));
      case Heartbeat.NAME -> new Heartbeat(sequence, flag(json, "fresh"));
      default -> throw new MalformedException("an unknown event");
    };
  }

  private static boolean flag(JsonObject json, String name) throws MalformedException {
    return json.bool(name).orElseThrow(() -> new MalformedException("no '" + name + "'"));
  }

  private static List<Notice> notices(JsonObject json) throws MalformedException {
    var notices = new ArrayList<Notice>();
    for (var one : json.objects("denials").orElse(List.of())) {
      notices.add(Notice.of(one));
    }
    return notices;
  }
}
