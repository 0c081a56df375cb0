package dev.lanyard.server.ras.enrolment;

/// Who asks for a change, for the record.
///
/// @param who for people, such as `command line (ana)` or `administrator of acme`
/// @param correlationId of the command or request
/// @param isOperator whether it is the operator of this server: what they have refused, nobody else
///   lets count again
public record By(String who, String correlationId, boolean isOperator) {
  /// Anybody but the operator.
  public By(String who, String correlationId) {
    this(who, correlationId, false);
  }

  /// The operator of this server.
  public static By operator(String who, String correlationId) {
    return new By(who, correlationId, true);
  }
}
