package dev.lanyard.server.condition;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.cel.runtime.CelVariableResolver;
import dev.lanyard.protocol.claims.AuthenticationContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A condition that was checked: it names known variables only, and its result is true or false.
///
/// Evaluation has a bounded cost and no effect. Two conditions are equal if their texts are.
/// Immutable, so thread-safe.
public final class Condition {
  private static final Truth MET = new Truth.Met();
  private static final Truth NOT_MET = new Truth.NotMet();

  private final String text;
  private final Program program;
  private final Optional<Truth> otherwise;

  Condition(String text, Program program) {
    this(text, program, Optional.empty());
  }

  private Condition(String text, Program program, Optional<Truth> otherwise) {
    this.text = text;
    this.program = program;
    this.otherwise = otherwise;
  }

  /// The expression as it was written.
  public String text() {
    return text;
  }

  /// Whether it asks for the user name; rather once too often, because a text may say so too.
  public boolean asksForUserName() {
    return asksFor(Variables.USER_NAME);
  }

  /// Whether it asks for the e-mail address; rather once too often, because a text may say so too.
  public boolean asksForEmail() {
    return asksFor(Variables.EMAIL);
  }

  /// Whether it asks what time it is, or how somebody has signed in; rather once too often.
  public boolean asksForMoment() {
    return asksFor(Variables.SIGN_IN) || asksFor(Variables.NOW);
  }

  /// This condition where nobody knows the time and the sign-in: what it says then, whatever they
  /// are, or else what is assumed.
  public Condition assuming(boolean met) {
    return new Condition(text, program, Optional.of(met ? MET : NOT_MET));
  }

  private boolean asksFor(String variable) {
    return text.replaceAll("\\s", "").contains(variable);
  }

  /// Whether it holds. Never throws: an expression that fails is not met.
  public Truth in(Situation situation) {
    try {
      CelVariableResolver variables =
          name ->
              otherwise.isPresent() && Variables.isOfMoment(name)
                  ? Optional.empty()
                  : variable(name, situation);
      return switch (program.eval(variables)) {
        case Boolean met -> met ? MET : NOT_MET;
        case Object _ when otherwise.isPresent() -> otherwise.get();
        case Object _ when asksForUserName() && situation.userName().isEmpty() ->
            new Truth.Failed("it turns on a user name that a provider told");
        case Object _ when asksForEmail() && situation.email().isEmpty() ->
            new Truth.Failed("it turns on an e-mail address that nobody has verified");
        case Object other ->
            new Truth.Failed("the result is a " + other.getClass().getSimpleName());
      };
    } catch (CelEvaluationException e) {
      if (otherwise.isPresent()) {
        return otherwise.get();
      }
      // The message may quote a value of the person's; the code says enough to find the mistake.
      return new Truth.Failed(e.getErrorCode().name());
    } catch (RuntimeException e) {
      return new Truth.Failed(e.getClass().getSimpleName());
    }
  }

  private static Optional<Object> variable(String name, Situation of) {
    return switch (name) {
      case Variables.PERSON_ID -> Optional.of(of.personId());
      case Variables.USER_NAME -> of.userName().map(known -> known);
      case Variables.EMAIL -> of.email().map(known -> known);
      case Variables.GROUPS -> Optional.of(List.copyOf(of.groups()));
      case Variables.CLIENT -> Optional.of(of.client());
      case Variables.CONNECTOR -> Optional.of(of.connector());
      case Variables.TOOL -> Optional.of(of.tool().orElse(""));
      case Variables.NOW -> Optional.of(of.now());
      default -> authentication(name, of.authentication());
    };
  }

  private static Optional<Object> authentication(String name, AuthenticationContext context) {
    return switch (name) {
      case Variables.ACR -> Optional.of(context.contextClass().orElse(""));
      case Variables.AMR -> Optional.of(context.methods());
      case Variables.AUTH_TIME -> Optional.of(context.time().orElse(Instant.EPOCH));
      default -> Optional.empty();
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Condition condition && condition.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
