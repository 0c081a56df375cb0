package dev.lanyard.server.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Checks expressions and makes conditions of them. What it has compiled it remembers, so that a
/// library that is read again pays for what changed.
///
/// The language is loaded with the first expression and not before: an installation without
/// conditions starts without it. Thread-safe.
///
/// @spec https://github.com/google/cel-spec/blob/master/doc/langdef.md CEL, language definition
public final class ConditionCompiler {
  private static final int MAX_CHARACTERS = 1000;
  private static final int MAX_NODES = 500;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ITERATIONS = 10_000;
  private static final int MAX_REGEX = 500;
  private static final int REMEMBERED = 5_000;

  private final Map<String, Condition> compiled = new ConcurrentHashMap<>();

  /// Loaded with the first expression.
  private static final class Language {
    private static final CelOptions OPTIONS =
        CelOptions.current()
            .maxExpressionCodePointSize(MAX_CHARACTERS)
            .maxParseExpressionNodeCount(MAX_NODES)
            .maxParseRecursionDepth(MAX_DEPTH)
            .maxParseErrorRecoveryLimit(5)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .maxRegexProgramSize(MAX_REGEX)
            .evaluateCanonicalTypesToNativeValues(true)
            .build();

    private static final CelCompiler COMPILER = compiler();
    private static final CelRuntime RUNTIME =
        CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

    /// Without `map` and `filter`, which build lists: what remains can answer and not grow.
    private static CelCompiler compiler() {
      var builder =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(OPTIONS)
              .setStandardMacros(
                  CelStandardMacro.ALL, CelStandardMacro.EXISTS, CelStandardMacro.EXISTS_ONE)
              .setResultType(SimpleType.BOOL);
      Variables.types().forEach(builder::addVar);
      return builder.build();
    }
  }

  /// Checks an expression.
  ///
  /// @throws InvalidConditionException if it is not well-formed, names something unknown, mixes
  ///   types, is not true or false, or is larger than 1000 characters or 500 nodes
  public Condition compile(String text) {
    var known = compiled.get(text);
    if (known != null) {
      return known;
    }
    if (compiled.size() >= REMEMBERED) {
      compiled.clear();
    }
    var condition = check(text);
    compiled.put(text, condition);
    return condition;
  }

  private static Condition check(String text) {
    if (text.isBlank()) {
      throw new InvalidConditionException("the condition is empty");
    }
    try {
      CelAbstractSyntaxTree checked = Language.COMPILER.compile(text).getAst();
      return new Condition(text, Language.RUNTIME.createProgram(checked));
    } catch (CelValidationException e) {
      throw new InvalidConditionException(
          e.getErrors().stream().map(ConditionCompiler::told).collect(Collectors.joining("; "))
              + "; known are: "
              + String.join(", ", new TreeSet<>(Variables.types().keySet())));
    } catch (CelEvaluationException e) {
      throw new InvalidConditionException("cannot be evaluated: " + e.getErrorCode());
    }
  }

  private static String told(CelIssue issue) {
    var at = issue.getSourceLocation();
    return "at %d:%d: %s".formatted(at.getLine(), at.getColumn() + 1, issue.getMessage());
  }
}
