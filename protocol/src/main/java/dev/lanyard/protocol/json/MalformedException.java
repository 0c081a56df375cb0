package dev.lanyard.protocol.json;

/// Input from outside does not have the form that its specification demands.
///
/// Checked on purpose: a parser's caller must decide what a malformed input means. The message says
/// what is wrong and never repeats the input, which may hold a secret.
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  public MalformedException(String message) {
    // No stack trace: a hostile peer could otherwise make us spend more on refusing than it spends.
    super(message, null, false, false);
    this.message = message;
  }

  /// What is wrong; never null.
  @Override
  public String getMessage() {
    return message;
  }
}
