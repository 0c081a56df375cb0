package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.time.Instant;

/// What probes found of a connector, from the first look at which it was so to the last.
///
/// @param address where they looked
/// @param since the first look
/// @param confirmed the last one
/// @param looks how many there were
public record Evidence(
    ResourceIndicator address, Instant since, Instant confirmed, long looks, Finding finding) {

  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put("address", address.value())
            .put("since", since.toString())
            .put("confirmed", confirmed.toString())
            .put("looks", looks);
    finding.bucket().ifPresent(bucket -> json.put("bucket", bucket.value()));
    return json.putAll(finding.toJson()).build();
  }
}
