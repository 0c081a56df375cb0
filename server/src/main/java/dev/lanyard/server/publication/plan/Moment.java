package dev.lanyard.server.publication.plan;

import dev.lanyard.server.condition.Condition;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Requirement;
import dev.lanyard.server.library.Role;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A moment as conditions see it: of those that turn on the sign-in or the clock these are met, and
/// no others. What turns on nothing but the person, the client and the connector is judged as ever.
///
/// @param met the conditions
/// @param on how what is given then is given
record Moment(Set<Condition> met, Access.On on) {
  /// The worst: a sign-in that is good for nothing, at an hour that is none.
  private static final Moment WORST = new Moment(Set.of(), Access.On.NOTHING);

  /// The moments that some libraries can tell apart, by connector.
  ///
  /// @param at for each connector with such a condition
  /// @param best one at which every condition is met
  record Moments(Map<String, Set<Moment>> at, Moment best) {
    /// Those of a connector, the worst one first.
    Set<Moment> of(String connector) {
      return at.getOrDefault(connector, Set.of(WORST));
    }
  }

  /// Whatever is given by one role or exception is given as soon as its own conditions are met, and
  /// no sooner. So nothing is lost that is not lost at the very moment that meets these and no
  /// others, or, for what takes several roles, at the best.
  static Moments of(List<Library> libraries) {
    var all = libraries.stream().flatMap(one -> one.requirements().stream()).toList();
    var stepUps =
        ofMoment(all).filter(one -> one.stepUp().isPresent()).map(Requirement::condition).toList();
    var best = new Moment(conditions(all), Access.On.CONDITION);
    var at = new HashMap<String, Set<Moment>>();
    for (var library : libraries) {
      for (var role : library.roles()) {
        role.connectors()
            .forEach((id, given) -> add(at, id, both(role.conditions(), given), stepUps));
      }
      for (var exemption : library.exemptions()) {
        exemption.connectors().forEach((id, given) -> add(at, id, given.conditions(), stepUps));
      }
    }
    at.values().forEach(moments -> moments.add(best));
    return new Moments(at, best);
  }

  private static void add(
      Map<String, Set<Moment>> at,
      String connector,
      List<Requirement> requirements,
      List<Condition> stepUps) {
    var met = conditions(requirements);
    if (!met.isEmpty()) {
      var on = stepUps.containsAll(met) ? Access.On.STEP_UP : Access.On.CONDITION;
      at.computeIfAbsent(connector, _ -> new LinkedHashSet<>(Set.of(WORST)))
          .add(new Moment(met, on));
    }
  }

  private static List<Requirement> both(List<Requirement> ofRole, Given given) {
    return Stream.concat(ofRole.stream(), given.conditions().stream()).toList();
  }

  private static Stream<Requirement> ofMoment(List<Requirement> requirements) {
    return requirements.stream().filter(one -> one.condition().asksForMoment());
  }

  private static Set<Condition> conditions(List<Requirement> requirements) {
    return ofMoment(requirements).map(Requirement::condition).collect(Collectors.toSet());
  }

  /// What a library is at this moment.
  Library in(Library library) {
    if (conditions(library.requirements()).isEmpty()) {
      return library;
    }
    return new Library(
        library.version(),
        library.dataClasses(),
        library.connectors(),
        library.roles().stream().map(this::in).toList(),
        library.clients(),
        library.exemptions().stream().map(this::in).toList(),
        library.separations());
  }

  private Role in(Role role) {
    return new Role(
        role.name(),
        role.owner(),
        role.groups(),
        role.agents(),
        role.clearance(),
        role.clients(),
        in(role.conditions()),
        in(role.connectors()));
  }

  private Exemption in(Exemption exemption) {
    return new Exemption(
        exemption.name(),
        exemption.justification(),
        exemption.people(),
        exemption.groups(),
        exemption.until(),
        exemption.clearance(),
        in(exemption.connectors()));
  }

  private Map<String, Given> in(Map<String, Given> connectors) {
    var then = new HashMap<String, Given>();
    connectors.forEach((id, given) ->
        then.put(id, new Given(given.scopes(), in(given.conditions()), given.details())));
    return then;
  }

  private List<Requirement> in(List<Requirement> requirements) {
    return requirements.stream().map(this::in).toList();
  }

  private Requirement in(Requirement requirement) {
    var condition = requirement.condition();
    return condition.asksForMoment()
        ? new Requirement(
            requirement.name(), condition.assuming(met.contains(condition)), Optional.empty())
        : requirement;
  }
}
