package dev.lanyard.server.gateway.front;

/// How calls are recorded.
///
/// @param order what comes first
/// @param without what happens to a call that cannot be recorded
public record Recording(Order order, WithoutAudit without) {
  /// Nothing is sent that is not durable in the record.
  public static final Recording STRICT = new Recording(Order.FIRST, WithoutAudit.STOP);

  /// What comes first: the record of a call, or the call.
  public enum Order {
    /// A call is sent when its record is durable.
    FIRST,
    /// A call is sent while its record is being written, and its answer waits for that. So nobody
    /// gets an answer that is not recorded; of a process that dies in between, the server may have
    /// been called without a record. After a record that could not be written the next ones come
    /// first until one is.
    BESIDE;

    /// The value as files have it.
    public static Order named(String name) {
      return switch (name) {
        case "first" -> FIRST;
        case "beside" -> BESIDE;
        default -> throw new IllegalArgumentException("'" + name + "' is none of first, beside");
      };
    }
  }

  /// What happens to a call that cannot be recorded.
  public enum WithoutAudit {
    /// It is refused (503).
    STOP,
    /// It is passed on, and the log says so.
    CONTINUE;

    /// The value as files have it.
    public static WithoutAudit named(String name) {
      return switch (name) {
        case "stop" -> STOP;
        case "continue" -> CONTINUE;
        default -> throw new IllegalArgumentException("'" + name + "' is none of stop, continue");
      };
    }
  }
}
