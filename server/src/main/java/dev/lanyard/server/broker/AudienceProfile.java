package dev.lanyard.server.broker;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the ID-JAGs for one resource authorization server say, and how they are signed.
///
/// @param issuer the server's identifier
/// @param sector whose subjects are pairwise: servers of one sector know a person by one name,
///   others by another; empty if the person is known by the same name everywhere (IDP-24)
/// @param claims what may be told beside what every ID-JAG has to say (IDP-29)
/// @param algorithm what is signed with; empty for the usual
/// @param tenants whose people they are
/// @param own how the server's own name of the person is known (IDP-27); empty if it is not
/// @param nameId how the server knows people by SAML, if it does (IDP-28)
public record AudienceProfile(
    Issuer issuer,
    Optional<String> sector,
    Set<Claim> claims,
    Optional<SigningAlgorithm> algorithm,
    Tenants tenants,
    Optional<OwnSubject> own,
    Optional<NameIdSource> nameId) {

  /// @throws IllegalArgumentException if a claim would undo what pairwise subjects are for
  public AudienceProfile {
    claims = claims.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(claims));
  }

  /// A server that nothing is said about.
  static AudienceProfile usual(Issuer issuer) {
    return new AudienceProfile(
        issuer,
        Optional.empty(),
        Claim.USUAL,
        Optional.empty(),
        Tenants.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /// The tenants that a subject is of.
  ///
  /// @param ours `tenant`: ours
  /// @param theirs `aud_tenant`: the server's
  public record Tenants(Optional<String> ours, Optional<String> theirs) {
    /// Neither side has several.
    public static final Tenants NONE = new Tenants(Optional.empty(), Optional.empty());
  }

  /// How the server's own name of a person is known.
  public enum OwnSubject {
    /// The server keeps its people here, so our id is its `id` in SCIM.
    PERSON("person"),
    /// A link of the directory says by what subject that server means the person.
    LINK("link");

    private final String value;

    OwnSubject(String value) {
      this.value = value;
    }

    /// As the configuration has it.
    public String value() {
      return value;
    }
  }

  /// What an ID-JAG may say and need not.
  public enum Claim {
    /// The person's address, by which servers find people they have not met.
    EMAIL("email"),
    /// When the person signed in.
    AUTH_TIME("auth_time"),
    /// In what way, by level.
    ACR("acr"),
    /// In what way, by methods.
    AMR("amr"),
    /// Our session, so that the server can end what came of it. Two servers can compare it.
    SID("sid"),
    /// Our client, so that a change of policy ends what came through it.
    AZP("azp"),
    /// What ties the records of both servers together. Two servers can compare it.
    TXN("txn");

    /// What servers are told that need nothing in particular.
    public static final Set<Claim> USUAL = EnumSet.allOf(Claim.class);

    /// What servers are told that must not find out together who somebody is.
    public static final Set<Claim> PAIRWISE = EnumSet.of(AUTH_TIME, ACR, AMR, AZP);

    private final String value;

    Claim(String value) {
      this.value = value;
    }

    /// Its name in the ID-JAG.
    public String value() {
      return value;
    }

    /// @throws IllegalArgumentException if there is none of this name
    public static Claim named(String name) {
      return Arrays.stream(values())
          .filter(claim -> claim.value.equals(name))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "'%s' is none of %s"
                      .formatted(
                          name,
                          Arrays.stream(values())
                              .map(Claim::value)
                              .collect(Collectors.joining(", ")))));
    }
  }
}
