package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the operator has set for an organisation that enrolled by invitation.
///
/// @param tenant what its identity providers call it in `aud_tenant`
/// @param clients through which of our clients its people may come, one at least; empty for all
/// @param ceiling the scopes that they may have at most; empty for whatever resources know
/// @param flows whether its people may also consent by themselves
public record OrganisationRules(
    Optional<String> tenant,
    Optional<Set<ClientId>> clients,
    Optional<Scopes> ceiling,
    Flows flows) {
  /// No limits.
  public static final OrganisationRules NONE =
      new OrganisationRules(Optional.empty(), Optional.empty(), Optional.empty(), Flows.EMA_ONLY);

  private static final Set<String> MEMBERS = Set.of("tenant", "clients", "scopes", "flows");

  /// @throws IllegalArgumentException if there is a list of clients and nobody is on it
  public OrganisationRules {
    clients = clients.map(Set::copyOf);
    if (clients.filter(Set::isEmpty).isPresent()) {
      throw new IllegalArgumentException(
          "'clients' has nobody on it: leave it out for all clients, or suspend the organisation to"
              + " let nobody in");
    }
  }

  /// Reads them.
  ///
  /// @throws MalformedException with a sentence for whoever wrote them
  public static OrganisationRules parse(JsonObject json) throws MalformedException {
    Members.only(json, MEMBERS);
    var clients = json.strings("clients");
    var some =
        clients.isPresent() ? Optional.of(clients(clients.get())) : Optional.<Set<ClientId>>empty();
    var flows = flows(json.string("flows").orElse(Flows.EMA_ONLY.value()));
    try {
      return new OrganisationRules(
          json.string("tenant").filter(tenant -> !tenant.isEmpty()),
          some,
          Members.scopes(json, "scopes"),
          flows);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Flows flows(String value) throws MalformedException {
    try {
      return Flows.named(value);
    } catch (IllegalArgumentException _) {
      throw new MalformedException("'flows' must be ema-only or both, not '" + value + "'");
    }
  }

  private static Set<ClientId> clients(List<String> names) throws MalformedException {
    var clients = new HashSet<ClientId>();
    for (var name : names) {
      clients.add(ClientId.parse(name));
    }
    return clients;
  }

  /// The same with other flows.
  public OrganisationRules with(Flows other) {
    return new OrganisationRules(tenant, clients, ceiling, other);
  }

  public JsonObject toJson() {
    var json = JsonObject.builder().putIfPresent("tenant", tenant);
    clients.ifPresent(
        some -> json.put("clients", some.stream().map(ClientId::value).sorted().toList()));
    ceiling.ifPresent(scopes -> json.put("scopes", scopes.toString()));
    if (flows != Flows.EMA_ONLY) {
      json.put("flows", flows.value());
    }
    return json.build();
  }

  /// Which rules these are, for whoever wants to change what they have read.
  public String version() {
    return RulesVersion.of(toJson());
  }

  /// Whether something that these rules allow on the word of an identity provider is not allowed by
  /// others. What people have consented to is looked at whenever it is used, and once a minute.
  public boolean allowMoreThan(OrganisationRules other) {
    return !tenant.equals(other.tenant)
        || other
            .clients
            .filter(few -> clients.isEmpty() || !few.containsAll(clients.get()))
            .isPresent()
        || other
            .ceiling
            .filter(low -> ceiling.isEmpty() || !low.containsAll(ceiling.get()))
            .isPresent();
  }
}
