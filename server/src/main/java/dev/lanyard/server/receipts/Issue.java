package dev.lanyard.server.receipts;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// That a receipt was issued, as the audit record has it: it ties the signed text to the log.
///
/// @param sha256 of the signed text, in hexadecimal digits
/// @param at the `issued_at` of the receipt
public record Issue(String incident, String sha256, String at) {
  /// The type of such records.
  public static final String TYPE = "receipt.issued";

  /// @param evidence of a record
  /// @throws MalformedException if it is of an earlier release, or none
  public static Issue of(JsonObject evidence) throws MalformedException {
    return new Issue(
        evidence.nonEmptyString("incident"),
        evidence.nonEmptyString("sha256"),
        evidence.nonEmptyString("issued_at"));
  }

  /// @param signed a receipt
  public static String hash(String signed) {
    return HexFormat.of().formatHex(Sha256.of(signed.strip().getBytes(StandardCharsets.UTF_8)));
  }
}
