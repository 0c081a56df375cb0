package dev.lanyard.server.export;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.export.ExportConfig.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Posts records to a collector in the manner of Splunk's: JSON objects one after the other, with
/// the record as `event`. Whatever is not 2xx is tried again, also 4xx: a token that was taken back
/// must lose nothing.
final class CollectorSink implements Sink {
  private static final int MILLIS = 1000;

  /// What collectors take as a rule.
  private static final int MOST_CHARACTERS = 512 * 1024;

  private static final int CONTENT_TOO_LARGE = 413;

  /// Request Timeout, and Gateway Timeout of whatever stands in front of it.
  private static final Set<Integer> TOO_SLOW = Set.of(408, 504);

  private final Target.Collector target;
  private final Format format;
  private final String source;
  private final EgressClient egress;
  private final Duration limit;

  /// @param source the installation, by its issuer
  CollectorSink(Target.Collector target, Format format, String source, EgressClient egress) {
    this(target, format, source, egress, PATIENCE);
  }

  /// @param patience in place of [#PATIENCE]
  CollectorSink(
      Target.Collector target,
      Format format,
      String source,
      EgressClient egress,
      Duration patience) {
    this.target = target;
    this.format = format;
    this.source = source;
    this.limit = patience.dividedBy(2);
    this.egress = egress.limitedTo(limit, 64 * 1024);
  }

  /// A batch is several requests if its records are large. A slow collector must not hold it up for
  /// longer than this node has the turn, or another node would send the same beside it: after half
  /// of [#PATIENCE] no other request is begun, also if this process slept meanwhile.
  @Override
  public void send(List<AuditRecord> records) throws IOException {
    long start = System.nanoTime();
    for (var body : bodies(records)) {
      if (isOver(start)) {
        throw tookTooLong(records);
      }
      long begun = System.nanoTime();
      switch (post(body)) {
        case EgressResult.Answered answer when answer.status() / 100 == 2 -> {}
        case EgressResult.Answered answer when answer.status() == CONTENT_TOO_LARGE ->
            throw new TooLargeException(answered(answer, records));
        case EgressResult.Answered answer when TOO_SLOW.contains(answer.status()) ->
            throw new TookTooLongException(answered(answer, records));
        case EgressResult.Answered answer ->
            throw new IOException("the collector answered " + answer.status());
        case EgressResult.Refused(var why) ->
            throw new IOException("not allowed to go there: " + why);
        case EgressResult.Failed _ when isOver(begun) -> throw tookTooLong(records);
        case EgressResult.Failed(var why) -> throw new IOException("not reached: " + why);
      }
    }
  }

  private static String answered(EgressResult.Answered answer, List<AuditRecord> records) {
    return "the collector answered %d to %d records".formatted(answer.status(), records.size());
  }

  private boolean isOver(long start) {
    return System.nanoTime() - start >= limit.toNanos();
  }

  private static TookTooLongException tookTooLong(List<AuditRecord> records) {
    return new TookTooLongException(
        "the collector took too long for %d records".formatted(records.size()));
  }

  private List<String> bodies(List<AuditRecord> records) {
    var bodies = new ArrayList<String>();
    var body = new StringBuilder();
    for (var record : records) {
      var line = event(record);
      if (!body.isEmpty() && body.length() + line.length() > MOST_CHARACTERS) {
        bodies.add(body.toString());
        body.setLength(0);
      }
      body.append(line).append('\n');
    }
    bodies.add(body.toString());
    return bodies;
  }

  private String event(AuditRecord record) {
    var at = record.event().at().toEpochMilli();
    var event =
        JsonObject.builder()
            .put("time", "%d.%03d".formatted(at / MILLIS, at % MILLIS))
            .put("source", source)
            .put("sourcetype", "lanyard:" + format.value());
    return switch (format) {
      case JSON -> event.put("event", record.toJson()).build().toJson();
      case OCSF -> event.put("event", Ocsf.of(record)).build().toJson();
      case ECS -> event.put("event", Ecs.of(record)).build().toJson();
      case CEF -> event.put("event", Cef.of(record)).build().toJson();
    };
  }

  private EgressResult post(String body) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Authorization", "Splunk " + target.token().reveal());
    return egress.send(new EgressRequest("POST", target.url(), Map.copyOf(headers), body));
  }
}
