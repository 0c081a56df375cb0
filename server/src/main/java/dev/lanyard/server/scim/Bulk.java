package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import dev.lanyard.server.scim.Value.Text;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `POST /Bulk`: many operations in one request, each done or refused by itself. One that refers to
/// what another creates waits for it; a circle of those is refused with 409. What is about
/// different people shares transactions: a provider that disables ten thousand is waiting.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.7 RFC 7644 §3.7 (SCIM-12)
final class Bulk {
  static final int MOST_OPERATIONS = 1000;
  static final int MOST_BYTES = 1024 * 1024;
  private static final String REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
  private static final String RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
  private static final String REFERENCE = "bulkId:";

  /// Large enough to be cheap, small enough that others get their turn.
  private static final int MOST_TOGETHER = 500;

  private static final int NEVER_STOPS = Integer.MAX_VALUE;

  private final Executor executor;
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> failed = new HashSet<>();

  Bulk(Executor executor) {
    this.executor = executor;
  }

  /// Does one operation as a request of its own would.
  interface Executor {
    Result execute(Operation operation) throws ScimRefusal;

    /// Whether this may share a transaction with others like it.
    boolean mayShare(Operation operation);

    /// Does several in one transaction.
    ///
    /// @throws ScimRefusal if one is refused; then none was done
    List<Result> executeTogether(List<Operation> operations) throws ScimRefusal;
  }

  /// @param place its number in the request
  /// @param path e.g. `/Users/2819c223`
  record Operation(
      int place,
      String method,
      String path,
      String bulkId,
      Optional<String> version,
      Complex data) {}

  Complex answer(Complex body) throws ScimRefusal {
    var schemas = body.get("schemas").map(Value::elements).orElse(List.of());
    if (!schemas.contains(new Text(REQUEST))) {
      throw ScimRefusal.invalidSyntax("'schemas' does not name " + REQUEST);
    }
    var sent = body.get("Operations").map(Value::elements).orElse(List.of());
    if (sent.size() > MOST_OPERATIONS) {
      throw ScimRefusal.of(413, "there are more than " + MOST_OPERATIONS + " operations");
    }
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < sent.size(); i++) {
      operations.add(operation(i, sent.get(i)));
    }
    var answers = inOrderOfReferences(operations, mostFailures(body));
    var answer = new LinkedHashMap<String, Value>();
    answer.put("schemas", Value.texts(List.of(RESPONSE)));
    answer.put("Operations", new Items(answers));
    return new Complex(answer);
  }

  private static int mostFailures(Complex body) throws ScimRefusal {
    var sent = body.get("failOnErrors");
    if (sent.isEmpty()) {
      return NEVER_STOPS;
    }
    if (!(sent.get() instanceof Value.Number(var number))
        || number.compareTo(BigDecimal.ONE) < 0
        || number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw ScimRefusal.invalidValue("'failOnErrors' is a number from 1");
    }
    return number.intValue();
  }

  private static Operation operation(int place, Value sent) throws ScimRefusal {
    if (!(sent instanceof Complex one)) {
      throw ScimRefusal.invalidSyntax("an operation is an object");
    }
    var method = one.text("method").orElse("").toUpperCase(Locale.ROOT);
    var bulkId = one.text("bulkId").orElse("");
    if (method.equals("POST") && bulkId.isEmpty()) {
      throw ScimRefusal.invalidSyntax("a POST in a bulk needs a 'bulkId'");
    }
    return new Operation(
        place,
        method,
        one.text("path").orElse(""),
        bulkId,
        one.text("version"),
        one.get("data")
            .map(data -> data instanceof Complex c ? c : Complex.EMPTY)
            .orElse(Complex.EMPTY));
  }

  private List<Value> inOrderOfReferences(List<Operation> operations, int mostFailures) {
    var answers = new Value[operations.size()];
    var waiting = new ArrayDeque<>(operations);
    var created = new HashSet<String>();
    operations.forEach(one -> created.add(one.bulkId()));
    int failures = 0;
    int sinceProgress = 0;
    while (!waiting.isEmpty() && failures < mostFailures) {
      var next = waiting.removeFirst();
      var awaited = references(next);
      awaited.removeIf(id -> ids.containsKey(id) || failed.contains(id) || !created.contains(id));
      if (!awaited.isEmpty() && sinceProgress <= waiting.size()) {
        waiting.addLast(next);
        sinceProgress++;
        continue;
      }
      sinceProgress = 0;
      // Who wants to stop at a failure has one operation done after the other.
      var group = mostFailures == NEVER_STOPS ? together(next, waiting) : List.of(next);
      for (var answer : answers(group).entrySet()) {
        failures += answer.getValue().get("response").isPresent() ? 1 : 0;
        answers[answer.getKey().place()] = answer.getValue();
      }
    }
    var done = new ArrayList<Value>();
    for (var answer : answers) {
      if (answer != null) {
        done.add(answer);
      }
    }
    return done;
  }

  /// The operation with those behind it that can share its transaction, taken from the queue.
  private List<Operation> together(Operation first, Deque<Operation> waiting) {
    var group = new ArrayList<>(List.of(first));
    if (!isFree(first)) {
      return group;
    }
    var paths = new HashSet<>(Set.of(first.path()));
    while (!waiting.isEmpty() && group.size() < MOST_TOGETHER && isFree(waiting.getFirst())) {
      var next = waiting.getFirst();
      // Of two operations on one person the second builds on the first.
      if (!next.method().equals("POST") && !paths.add(next.path())) {
        break;
      }
      group.add(waiting.removeFirst());
    }
    return group;
  }

  private boolean isFree(Operation operation) {
    return references(operation).isEmpty() && executor.mayShare(operation);
  }

  /// One that is refused must not spoil its neighbours: then each is done alone.
  private Map<Operation, Complex> answers(List<Operation> group) {
    var answers = new LinkedHashMap<Operation, Complex>();
    if (group.size() > 1) {
      try {
        var results = executor.executeTogether(group);
        for (int i = 0; i < group.size(); i++) {
          answers.put(group.get(i), done(group.get(i), results.get(i)));
        }
        return answers;
      } catch (ScimRefusal _) {
        answers.clear();
      }
    }
    group.forEach(operation -> answers.put(operation, execute(operation)));
    return answers;
  }

  private static Complex answer(Operation operation) {
    return Complex.of("method", new Text(operation.method()))
        .with(
            "bulkId",
            operation.bulkId().isEmpty() ? Optional.empty() : Optional.of(operation.bulkId()));
  }

  private Complex done(Operation operation, Result result) {
    result.location().ifPresent(location -> note(operation, location));
    var answer = answer(operation);
    var located =
        operation.method().equals("DELETE")
            ? answer
            : answer.with("location", result.location()).with("version", result.version());
    return located.with("status", Integer.toString(result.status()));
  }

  private Complex execute(Operation operation) {
    var answer = answer(operation);
    try {
      return done(operation, executor.execute(resolved(operation)));
    } catch (ScimRefusal refusal) {
      failed.add(operation.bulkId());
      return answer
          .with("status", Integer.toString(refusal.status()))
          .with("response", refusal.body());
    }
  }

  private void note(Operation operation, String location) {
    if (operation.method().equals("POST")) {
      ids.put(operation.bulkId(), location.substring(location.lastIndexOf('/') + 1));
    }
  }

  private static Set<String> references(Operation operation) {
    var references = new HashSet<String>();
    collect(operation.data(), references);
    collect(
        new Text(operation.path().substring(operation.path().lastIndexOf('/') + 1)), references);
    return references;
  }

  private static void collect(Value value, Set<String> references) {
    switch (value) {
      case Text(var text) when text.startsWith(REFERENCE) ->
          references.add(text.substring(REFERENCE.length()));
      case Items(var values) -> values.forEach(one -> collect(one, references));
      case Complex(var members) -> members.values().forEach(one -> collect(one, references));
      default -> {}
    }
  }

  private Operation resolved(Operation operation) throws ScimRefusal {
    int slash = operation.path().lastIndexOf('/');
    var last = resolved(operation.path().substring(slash + 1));
    return new Operation(
        operation.place(),
        operation.method(),
        operation.path().substring(0, slash + 1) + last,
        operation.bulkId(),
        operation.version(),
        (Complex) resolved(operation.data()));
  }

  private Value resolved(Value value) throws ScimRefusal {
    return switch (value) {
      case Text(var text) -> new Text(resolved(text));
      case Items(var values) -> {
        var all = new ArrayList<Value>();
        for (var one : values) {
          all.add(resolved(one));
        }
        yield new Items(all);
      }
      case Complex(var members) -> {
        var all = new LinkedHashMap<String, Value>();
        for (var member : members.entrySet()) {
          all.put(member.getKey(), resolved(member.getValue()));
        }
        yield new Complex(all);
      }
      case Value.Flag _, Value.Number _ -> value;
    };
  }

  private String resolved(String text) throws ScimRefusal {
    if (!text.startsWith(REFERENCE)) {
      return text;
    }
    var id = ids.get(text.substring(REFERENCE.length()));
    if (id == null) {
      throw ScimRefusal.of(409, "a bulkId refers to nothing that was created, or in a circle");
    }
    return id;
  }
}
