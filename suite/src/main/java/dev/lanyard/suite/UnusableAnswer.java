package dev.lanyard.suite;

/// The server did not answer, or not in a form in which anything could be checked.
public final class UnusableAnswer extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableAnswer(String what) {
    super(what);
  }

  public UnusableAnswer(String what, Throwable cause) {
    super(what, cause);
  }
}
