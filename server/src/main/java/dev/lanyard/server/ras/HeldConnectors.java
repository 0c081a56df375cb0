package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.revocation.Denied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// For which connectors somebody held what a kill has ended.
///
/// One token alone, and the tokens of agents, are in no record of grants: wherever there may be
/// one, it counts.
final class HeldConnectors {
  private final RasConfig config;
  private final Holders holders;
  private final Supplier<Collection<Client>> clients;
  private final KillProbe.Seconds seconds;

  /// @param clients of this server, also those that introspect
  HeldConnectors(
      RasConfig config,
      Holders holders,
      Supplier<Collection<Client>> clients,
      KillProbe.Seconds seconds) {
    this.config = config;
    this.holders = holders;
    this.clients = clients;
    this.seconds = seconds;
  }

  List<Held> by(List<Denied> dead, Instant killedAt) {
    var all = new ArrayList<>(dead);
    dead.forEach(one -> all.addAll(seconds.of(one)));
    var held = all.stream().map(one -> holders.held(one, killedAt)).toList();
    // A grant that gives more tokens lives longer than each of them.
    var longest = killedAt.plus(RasConfig.LONGEST_ACCESS_TOKEN_LIFE);
    var found = new ArrayList<Held>();
    for (var resource : config.resources()) {
      var granted =
          held.stream()
              .flatMap(one -> one.of(resource.resource()).stream())
              .map(Holders.Grant::expiresAt)
              .map(end -> end.isBefore(longest) ? end : longest);
      var unrecorded =
          all.stream()
              .flatMap(one -> longestUnrecorded(one, resource.resource()).stream())
              .map(killedAt::plus);
      Stream.concat(granted, unrecorded)
          .max(Comparator.naturalOrder())
          .ifPresent(until -> found.add(held(resource, until)));
    }
    return found;
  }

  private Held held(RasConfig.Resource resource, Instant until) {
    var servers =
        clients.get().stream()
            .filter(one -> one.mayIntrospect(resource.resource()))
            .map(one -> one.id().value())
            .collect(Collectors.toSet());
    return new Held(resource.resource().value(), resource.tokens().bound(), servers, until);
  }

  private Optional<Duration> longestUnrecorded(Denied dead, ResourceIndicator resource) {
    return switch (dead.kind()) {
      case TOKEN -> Optional.of(RasConfig.LONGEST_ACCESS_TOKEN_LIFE);
      case CLIENT ->
          ofAgents(
              dead.servedClient().server().equals(config.issuer())
                  ? one -> one.id().equals(dead.servedClient().client())
                  : _ -> false);
      case CONNECTOR -> ofAgents(_ -> dead.value().equals(resource.value()));
      case ALL -> ofAgents(_ -> true);
      case PERSON, SIGN_IN, ASSERTION, SESSION, GRANT, ISSUER, ORGANISATION -> Optional.empty();
    };
  }

  private Optional<Duration> ofAgents(Predicate<Client> which) {
    return clients.get().stream()
            .filter(one -> one.grantTypes().contains(GrantType.CLIENT_CREDENTIALS))
            .anyMatch(which)
        ? Optional.of(ClientCredentialsGrant.LONGEST_LIFE)
        : Optional.empty();
  }
}
