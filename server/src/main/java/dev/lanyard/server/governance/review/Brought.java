package dev.lanyard.server.governance.review;

/// What somebody has signed where their key is, in a browser, and brings to be recorded. It is
/// worth what its signature is; who brings it must be whose name it bears, so that nobody hands in
/// for somebody else.
///
/// @param statement signed, in compact form
/// @param name of whoever brings it, as the approvers file has it
/// @param person who that is here, for the record
public record Brought(String statement, String name, String person) {
  /// The `typ` header of such a statement.
  public static final String TYPE = "lanyard-review-statement+jwt";
}
