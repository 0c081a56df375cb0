package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is set for an issuer that was enrolled by invitation.
///
/// @param algorithms what it may sign with
/// @param tenant the only `tenant` accepted from it, if it has several
/// @param linkByEmail whether an address of a proven domain identifies a person who is known
/// @param createPeople whether people who are not known are created at first sight
/// @param nameId what a SAML NameID in `sub_id` means; without it, nothing (RAS-10)
/// @param carryActor whether what it says in `act` goes into tokens and the audit record (RAS-19)
/// @param replay by its name, see [ReplayPolicy#named]
/// @param keys which of its keys count
/// @param revocationCaller what `sub` must be when it calls for a global token revocation; empty if
///   it may not
public record IssuerRules(
    Set<SigningAlgorithm> algorithms,
    Optional<String> tenant,
    boolean linkByEmail,
    boolean createPeople,
    Optional<NameIdRule> nameId,
    boolean carryActor,
    String replay,
    KeyRules keys,
    Optional<String> revocationCaller) {
  private static final Set<String> MEMBERS =
      Set.of(
          "algorithms",
          "tenant",
          "link_by_email",
          "create_people",
          "name_id",
          "carry_actor",
          "replay",
          "refused_keys",
          "pinned_keys",
          "revocation_caller");

  public IssuerRules {
    algorithms = Set.copyOf(algorithms);
  }

  /// Nobody is found by an address, nobody is created, and nobody calls.
  public static IssuerRules signedWith(Set<SigningAlgorithm> algorithms) {
    return new IssuerRules(
        algorithms,
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        false,
        "single-use",
        KeyRules.ALL,
        Optional.empty());
  }

  /// The same, and these keys count no more either.
  public IssuerRules refusing(Set<String> more) {
    return new IssuerRules(
        algorithms,
        tenant,
        linkByEmail,
        createPeople,
        nameId,
        carryActor,
        replay,
        keys.refusing(more),
        revocationCaller);
  }

  /// The same with another rule of what a NameID means.
  public IssuerRules withNameId(Optional<NameIdRule> rule) {
    return new IssuerRules(
        algorithms,
        tenant,
        linkByEmail,
        createPeople,
        rule,
        carryActor,
        replay,
        keys,
        revocationCaller);
  }

  /// The same of another tenant.
  ///
  /// @param other empty for an issuer without tenants
  /// @throws MalformedException if that cannot be
  public IssuerRules withTenant(Optional<String> other) throws MalformedException {
    var rest = toJson().without("tenant");
    return parse(
        other.map(one -> rest.with(JsonObject.builder().put("tenant", one).build())).orElse(rest));
  }

  /// Reads them.
  ///
  /// @throws MalformedException with a sentence for whoever wrote them
  public static IssuerRules parse(JsonObject json) throws MalformedException {
    Members.only(json, MEMBERS);
    var replay = json.string("replay").orElse("single-use");
    var tenant = json.string("tenant").filter(one -> !one.isEmpty());
    var caller = json.string("revocation_caller").filter(one -> !one.isEmpty());
    if (tenant.isPresent() && caller.isPresent()) {
      throw new MalformedException(
          "'revocation_caller' cannot be where there is a 'tenant': a call does not say which one"
              + " it is about");
    }
    var nameId = json.object("name_id");
    try {
      var _ = ReplayPolicy.named(replay);
      return new IssuerRules(
          algorithms(json.strings("algorithms").orElse(List.of())),
          tenant,
          json.bool("link_by_email").orElse(false),
          json.bool("create_people").orElse(false),
          nameId.isPresent() ? Optional.of(NameIdRule.parse(nameId.get())) : Optional.empty(),
          json.bool("carry_actor").orElse(false),
          replay,
          new KeyRules(
              new HashSet<>(json.strings("refused_keys").orElse(List.of())),
              new HashSet<>(json.strings("pinned_keys").orElse(List.of()))),
          caller);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static Set<SigningAlgorithm> algorithms(List<String> names) throws MalformedException {
    if (names.isEmpty()) {
      return IdentityProvider.ALGORITHMS;
    }
    var algorithms = EnumSet.noneOf(SigningAlgorithm.class);
    for (var name : names) {
      algorithms.add(
          SigningAlgorithm.of(name)
              .orElseThrow(() ->
                  new MalformedException(
                      "'" + name + "' is none of ES256, ES384, RS256, PS256, EdDSA")));
    }
    return algorithms;
  }

  public JsonObject toJson() {
    var json = JsonObject.builder();
    // Left out where they are not wanted: a node of before they were there reads this, too.
    nameId.ifPresent(rule -> json.put("name_id", rule.toJson()));
    if (carryActor) {
      json.put("carry_actor", true);
    }
    return json.put(
            "algorithms", algorithms.stream().map(SigningAlgorithm::value).sorted().toList())
        .putIfPresent("tenant", tenant)
        .put("link_by_email", linkByEmail)
        .put("create_people", createPeople)
        .put("replay", replay)
        .put("refused_keys", keys.refused().stream().sorted().toList())
        .put("pinned_keys", keys.pinned().stream().sorted().toList())
        .putIfPresent("revocation_caller", revocationCaller)
        .build();
  }

  /// Which rules these are, for whoever wants to change what they have read.
  public String version() {
    return RulesVersion.of(toJson());
  }

  /// Whether something that these rules allow is not allowed by others.
  public boolean allowMoreThan(IssuerRules other) {
    return !other.algorithms.containsAll(algorithms)
        || !tenant.equals(other.tenant)
        || (linkByEmail && !other.linkByEmail)
        || (createPeople && !other.createPeople)
        || !isAmong(nameId, other.nameId)
        || (carryActor && !other.carryActor)
        || !keys.refused().containsAll(other.keys.refused())
        || (!other.keys.pinned().isEmpty()
            && (keys.pinned().isEmpty() || !other.keys.pinned().containsAll(keys.pinned())));
  }

  /// Whether everybody whom a rule lets in is let in by another, as the same person.
  private static boolean isAmong(Optional<NameIdRule> rule, Optional<NameIdRule> other) {
    return rule.equals(other) || (rule.isEmpty() && other.filter(NameIdRule::required).isEmpty());
  }
}
