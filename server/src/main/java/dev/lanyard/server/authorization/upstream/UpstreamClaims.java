package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.sessions.Session;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an ID Token of a provider says of somebody, in our words (IDP-43).
final class UpstreamClaims {
  private static final String EMAIL = "email";

  /// What `email_verified` says of an address that is verified, as JSON.
  private static final Set<String> VERIFIED = Set.of("true", "\"true\"");

  private static final String NOT_OURS =
      "This account does not belong to your organisation. Sign in with another one.";

  private final UpstreamConfig config;
  private final AddressRule addresses;
  private final Optional<GroupOverage> overage;

  /// @param addresses which its people may have
  /// @param overage where groups are that do not fit into an ID Token
  UpstreamClaims(UpstreamConfig config, AddressRule addresses, Optional<GroupOverage> overage) {
    this.config = config;
    this.addresses = addresses;
    this.overage = overage;
  }

  /// Whether something is not there that the provider may tell elsewhere.
  boolean isLacking(JsonObject claims) {
    try {
      var names = config.claims();
      return lacksGroups(claims)
          || (config.scopes().contains("email") && ClaimNames.text(claims, names.email()).isEmpty())
          || (config.scopes().contains("profile")
              && ClaimNames.text(claims, names.displayName()).isEmpty());
    } catch (MalformedException e) {
      // It is there, and will be refused for what it is.
      return false;
    }
  }

  private boolean lacksGroups(JsonObject claims) throws MalformedException {
    var groups = config.claims().groups();
    return groups.isPresent()
        && !GroupOverage.isIn(claims, groups.get())
        && ClaimNames.texts(claims, groups.get()).isEmpty();
  }

  /// @param all the claims of the ID Token, and what else the provider says of the same person
  Answer<Introduction> of(IdToken idToken, JsonObject all) {
    try {
      // Only what the provider has signed says whose people somebody belongs to.
      var missing = missing(idToken.all());
      return missing.isPresent()
          ? new Answer.Refused<>(missing.get(), Optional.of(NOT_OURS))
          : groups(all).then(groups -> introduction(idToken, all, groups));
    } catch (MalformedException e) {
      return malformed(e);
    }
  }

  private Optional<Evidence> missing(JsonObject claims) throws MalformedException {
    for (var demand : config.claims().required().entrySet()) {
      var said = ClaimNames.texts(claims, demand.getKey()).orElse(List.of());
      if (said.stream().noneMatch(demand.getValue()::contains)) {
        return Optional.of(
            new Evidence(
                "required_claims." + demand.getKey(),
                demand.getValue().toString(),
                said.isEmpty() ? "none" : String.join(" ", said),
                "IDP-43"));
      }
    }
    return Optional.empty();
  }

  private Answer<Introduction> introduction(
      IdToken idToken, JsonObject all, Optional<Set<String>> groups) {
    try {
      var email = email(idToken, all);
      var subject = subject(idToken);
      return new Answer.Given<>(
          new Introduction(
              idToken.issuer(),
              subject,
              new ToldProfile(
                  userName(all, email, subject),
                  email,
                  ClaimNames.text(all, config.claims().displayName())
                      .filter(value -> !value.isBlank() && NewPerson.isShowable(value))),
              groups,
              idToken.issuedAt(),
              idToken.authentication(),
              new Session.Upstream(
                  config.id(), idToken.session(), Optional.of(idToken.subject()))));
    } catch (MalformedException e) {
      return malformed(e);
    }
  }

  private static <T> Answer<T> malformed(MalformedException e) {
    return new Answer.Refused<>(
        new Evidence("id_token", "claims of their types", e.getMessage(), "IDP-43"));
  }

  /// Only what the provider has signed says who somebody is.
  private String subject(IdToken idToken) throws MalformedException {
    var claim = config.claims().subject();
    return claim.equals(ClaimNames.SUB)
        ? idToken.subject()
        : ClaimNames.text(idToken.all(), claim)
            .filter(value -> !value.isEmpty())
            .orElseThrow(() -> new MalformedException("'" + claim + "' is absent or empty"));
  }

  /// What the person is called; empty if nothing is said of it, so that they keep what they have.
  private Optional<String> userName(JsonObject all, ToldAddress email, String subject)
      throws MalformedException {
    // Whoever has such a name from before does not keep it either: its owner could not come in.
    boolean others = !addresses.allowsUserName(subject, email);
    for (var claim : config.claims().userName()) {
      var name =
          claim.equals(config.claims().email())
              ? email.address()
              : ClaimNames.text(all, claim)
                  .filter(value -> !value.isBlank() && value.length() <= NewPerson.LONGEST);
      if (name.filter(one -> addresses.allowsUserName(one, email)).isPresent()) {
        return name;
      }
      others |= name.isPresent();
    }
    return others ? Optional.of(addresses.nameFor(subject, config.id(), email)) : Optional.empty();
  }

  private ToldAddress email(IdToken idToken, JsonObject all) throws MalformedException {
    var claim = config.claims().email();
    var said = ClaimNames.text(all, claim).filter(value -> !value.isBlank());
    if (said.isEmpty()) {
      return isAskedForAddresses()
          ? new ToldAddress.None(Optional.empty())
          : new ToldAddress.Unsaid();
    }
    if (saysVerified(all).equals(Optional.of(false))) {
      return addresses.judge(said.get(), Optional.of(false));
    }
    // Whoever names the address says whether it is verified, and of the claim `email` only.
    var namedBy = ClaimNames.text(idToken.all(), claim).isPresent() ? idToken.all() : all;
    return addresses.judge(
        said.get(), claim.equals(EMAIL) ? saysVerified(namedBy) : Optional.empty());
  }

  private boolean isAskedForAddresses() {
    return config.scopes().contains(EMAIL) || !config.claims().email().equals(EMAIL);
  }

  /// What is there and is not true is false, be it a text, as some providers write it.
  private static Optional<Boolean> saysVerified(JsonObject claims) {
    return claims.text("email_verified").map(text -> VERIFIED.contains(text));
  }

  /// The groups that the provider says; empty if it is not configured to say any.
  private Answer<Optional<Set<String>>> groups(JsonObject claims) throws MalformedException {
    var claim = config.claims().groups();
    if (claim.isEmpty()) {
      return new Answer.Given<>(
          config.groups().always().isEmpty()
              ? Optional.empty()
              : Optional.of(config.groups().always()));
    }
    if (!GroupOverage.isIn(claims, claim.get())) {
      var said = ClaimNames.texts(claims, claim.get()).orElse(List.of());
      return new Answer.Given<>(Optional.of(config.groups().of(said)));
    }
    if (overage.isEmpty()) {
      return new Answer.Unavailable<>(
          "the ID Token has too many groups to list them, and 'group_overage' is not configured");
    }
    return overage.get().groupsOf(claims).map(said -> Optional.of(config.groups().of(said)));
  }
}
