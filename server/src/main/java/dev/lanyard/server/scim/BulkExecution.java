package dev.lanyard.server.scim;

import dev.lanyard.server.http.Request;
import dev.lanyard.server.scim.Bulk.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Does the operations of a bulk as requests of their own would be done. For one request.
final class BulkExecution implements Bulk.Executor {
  private static final String USERS = ResourceType.USER.endpoint();

  private final Tenant tenant;
  private final Request request;

  BulkExecution(Tenant tenant, Request request) {
    this.tenant = tenant;
    this.request = request;
  }

  @Override
  public Result execute(Operation operation) throws ScimRefusal {
    var parts = operation.path().split("/", -1);
    if (parts.length == 2 && operation.method().equals("POST")) {
      return reached(operation.path()).create(operation.data(), call(operation));
    }
    if (parts.length != 3) {
      throw ScimRefusal.invalidPath("an operation names a resource by its path");
    }
    var resources = reached("/" + parts[1]);
    return switch (operation.method()) {
      case "PUT" -> resources.replace(parts[2], operation.data(), call(operation));
      case "PATCH" -> resources.patch(parts[2], PatchRequest.of(operation.data()), call(operation));
      case "DELETE" -> resources.delete(parts[2], call(operation));
      default -> throw ScimRefusal.invalidSyntax("no such method in a bulk");
    };
  }

  private Resources reached(String endpoint) throws ScimRefusal {
    return tenant.resources(ResourceType.at(endpoint).orElseThrow(ScimRefusal::notFound));
  }

  private Call call(Operation operation) {
    return call(operation.version());
  }

  private Call call(Optional<String> version) {
    return new Call(request.correlationId(), Projection.ALL, version, Optional.empty(), true);
  }

  /// People only: changes of groups touch many people each.
  @Override
  public boolean mayShare(Operation operation) {
    return switch (operation.method()) {
      case "POST" -> operation.path().equals(USERS);
      case "PATCH", "PUT", "DELETE" ->
          operation.path().startsWith(USERS + "/")
              && operation.path().indexOf('/', USERS.length() + 1) < 0;
      default -> false;
    };
  }

  @Override
  public List<Result> executeTogether(List<Operation> operations) throws ScimRefusal {
    // In one order everywhere: two bulks that share people must not wait for each other.
    var order =
        IntStream.range(0, operations.size())
            .boxed()
            .sorted(Comparator.comparing(place -> operations.get(place).path()))
            .toList();
    var steps = new ArrayList<Commits.Step>();
    for (var place : order) {
      steps.add(step(operations.get(place)));
    }
    var done = tenant.users().together(steps, call(Optional.empty()));
    var results = new Result[operations.size()];
    for (int i = 0; i < results.length; i++) {
      results[order.get(i)] = done.get(i);
    }
    return List.of(results);
  }

  private Commits.Step step(Operation operation) throws ScimRefusal {
    var users = tenant.users();
    var call = call(operation);
    var id = operation.path().substring(operation.path().lastIndexOf('/') + 1);
    return switch (operation.method()) {
      case "POST" -> users.creation(operation.data(), call);
      case "PUT" -> users.replacement(id, operation.data(), call);
      case "PATCH" -> users.patching(id, PatchRequest.of(operation.data()), call);
      case "DELETE" -> users.deletion(id, call);
      default -> throw ScimRefusal.invalidSyntax("no such method in a bulk");
    };
  }
}
