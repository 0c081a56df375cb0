package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Requirement;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.library.Separation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The same questions as [PolicyLibrary] answers, answered by reading the library from beginning to
/// end, and conditions by what they mean instead of by their language.
record Oracle(Library library, AccessRequest request) {

  /// The scopes allowed at a connector; empty if the connector is not given.
  Optional<Scopes> allowed(Connector connector, boolean afterStepUp) {
    var given = given(connector, afterStepUp);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    var all = given.stream().reduce(Scopes.NONE, Scopes::union);
    var broken = library.separations().stream().filter(one -> isBroken(one)).toList();
    var left = new ArrayList<>(all.values());
    boolean touched = false;
    for (var separation : broken) {
      if (separation.neverTogether().containsKey(connector.id())) {
        touched = true;
        left.removeAll(separation.neverTogether().get(connector.id()).values());
      }
    }
    return touched && left.isEmpty() ? Optional.empty() : Optional.of(Scopes.of(left));
  }

  private List<Scopes> given(Connector connector, boolean afterStepUp) {
    var given = new ArrayList<Scopes>();
    if (request.member().only().filter(only -> !only.contains(connector.id())).isPresent()) {
      return given;
    }
    for (var role : library.roles()) {
      Optional.ofNullable(role.connectors().get(connector.id()))
          .filter(_ -> has(role) && worksThroughClient(role))
          .filter(one -> met(role.conditions(), one, afterStepUp))
          .ifPresent(one -> given.add(one.scopes()));
    }
    for (var exemption : library.exemptions()) {
      Optional.ofNullable(exemption.connectors().get(connector.id()))
          .filter(_ -> has(exemption) && request.at().isBefore(exemption.until()))
          .filter(_ -> library.clients().isEmpty() || isApproved())
          .filter(one -> met(List.of(), one, afterStepUp))
          .ifPresent(one -> given.add(one.scopes()));
    }
    return given;
  }

  private boolean has(Role role) {
    return role.groups().stream().anyMatch(request.member().groups()::contains);
  }

  private boolean has(Exemption exemption) {
    var name = request.member().userName();
    return exemption.people().stream()
            .anyMatch(one -> name.filter(one::equalsIgnoreCase).isPresent())
        || exemption.groups().stream().anyMatch(request.member().groups()::contains);
  }

  private boolean isApproved() {
    return library.clients().stream().anyMatch(one -> one.id().equals(request.client()));
  }

  private boolean worksThroughClient(Role role) {
    return role.worksThrough(request.client())
        && (library.clients().isEmpty()
            || library.clients().stream()
                .anyMatch(one -> one.id().equals(request.client()) && one.serves(role.name())));
  }

  private boolean met(List<Requirement> ofRole, Given given, boolean afterStepUp) {
    return Stream.concat(ofRole.stream(), given.conditions().stream())
        .allMatch(one ->
            switch (Trials.meaning(one.name(), request)) {
              case MET -> true;
              case NOT_MET -> afterStepUp && one.stepUp().isPresent();
              case FAILED -> false;
            });
  }

  /// Whether the person has all its scopes, conditions and clients aside.
  private boolean isBroken(Separation separation) {
    return separation.neverTogether().entrySet().stream()
        .allMatch(part -> {
          var held =
              Stream.concat(
                      library.roles().stream().filter(this::has).map(Role::connectors),
                      library.exemptions().stream()
                          .filter(one -> has(one) && request.at().isBefore(one.until()))
                          .map(Exemption::connectors))
                  .flatMap(given -> Stream.ofNullable(given.get(part.getKey())))
                  .map(Given::scopes)
                  .reduce(Scopes.NONE, Scopes::union);
          return held.containsAll(part.getValue());
        });
  }
}
