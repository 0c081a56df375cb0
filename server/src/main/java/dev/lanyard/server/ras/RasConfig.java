package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.ras.administration.EnrolmentConfig;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.Organisation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the resource authorization server is told. Nothing listed means nothing allowed.
///
/// @param issuer its identifier; what is served lies below this URL
/// @param accessTokenLife long enough for clients that lose silence with short tokens; tokens are
///   killed by push, not by expiry
/// @param resources what it governs
/// @param organisations its customers, those that are configured
/// @param enrolment whether others can enrol
/// @param flow the ordinary flow; empty if tokens are given for assertions only
public record RasConfig(
    Issuer issuer,
    Duration accessTokenLife,
    List<Resource> resources,
    List<Organisation> organisations,
    EnrolmentConfig enrolment,
    Optional<FlowConfig> flow) {
  /// 45 minutes.
  public static final Duration DEFAULT_ACCESS_TOKEN_LIFE = Duration.ofMinutes(45);

  /// No access token of ours lives longer, whatever was configured when it was issued.
  static final Duration LONGEST_ACCESS_TOKEN_LIFE = Duration.ofHours(12);

  /// @throws IllegalArgumentException if something is named twice, a life is out of bounds, or an
  ///   organisation trusts this very server (IDP-35)
  public RasConfig {
    if (accessTokenLife.compareTo(Duration.ofMinutes(1)) < 0
        || accessTokenLife.compareTo(LONGEST_ACCESS_TOKEN_LIFE) > 0) {
      throw new IllegalArgumentException(
          "ras.access_token_life must be between 1 minute and 12 hours, not " + accessTokenLife);
    }
    resources = List.copyOf(resources);
    organisations = List.copyOf(organisations);
    distinct("ras.resources", resources.stream().map(Resource::resource).toList());
    distinct("ras.organisations", organisations.stream().map(Organisation::name).toList());
    var trusted =
        organisations.stream()
            .flatMap(one -> one.providers().stream())
            .map(IdentityProvider::issuer)
            .toList();
    // Each trusted issuer belongs to exactly one customer: it may speak for nobody else's people.
    distinct("ras.organisations.issuers", trusted);
    if (trusted.contains(issuer)) {
      throw new IllegalArgumentException(
          "ras.organisations.issuers names this server itself: " + issuer);
    }
  }

  private static void distinct(String property, List<?> values) {
    var seen = new HashSet<Object>();
    for (var value : values) {
      if (!seen.add(value)) {
        throw new IllegalArgumentException(property + " names " + value + " twice");
      }
    }
  }

  /// A protected resource, such as an MCP server.
  ///
  /// @param resource its identifier, byte for byte as its metadata has it
  /// @param name for people
  /// @param scopes all it knows
  /// @param dpopRequired whether its tokens must be bound to a key
  /// @param probe whether it is called with a dead token after a kill, to see that it refuses it
  /// @param tokens the form of its tokens
  /// @param signIn how people must have signed in
  /// @param details the types of authorization details that it knows, by name
  /// @param words what its scopes mean, for people who are asked for them
  public record Resource(
      ResourceIndicator resource,
      String name,
      Scopes scopes,
      boolean dpopRequired,
      boolean probe,
      TokenForm tokens,
      AuthenticationRequirement signIn,
      Map<String, AuthorizationDetailType> details,
      Map<String, String> words) {

    /// @throws IllegalArgumentException if words are about a scope that it does not know, or no
    ///   sign-in could be young enough
    public Resource {
      details = Map.copyOf(details);
      words = Map.copyOf(words);
      if (signIn.maxAge().filter(age -> age.compareTo(Duration.ofMinutes(1)) < 0).isPresent()) {
        throw new IllegalArgumentException(
            "ras.resources.sign_in.max_age must be a minute or more, not " + signIn.maxAge().get());
      }
      for (var scope : words.keySet()) {
        if (!scopes.contains(scope)) {
          throw new IllegalArgumentException(
              "ras.resources.scope_descriptions: '" + scope + "' is no scope of " + resource);
        }
      }
    }
  }

  /// In what form access tokens leave.
  ///
  /// @param format what a client holds
  /// @param statusList whether it names its place in a status list
  public record TokenForm(Format format, boolean statusList) {
    /// A JWT that says everything, and learns of a kill by push or introspection.
    public static final TokenForm JWT = new TokenForm(Format.JWT, false);

    /// A random value that says nothing: every resource server has to ask.
    public static final TokenForm OPAQUE = new TokenForm(Format.OPAQUE, false);

    /// @throws IllegalArgumentException if it says nothing, and so can name no list
    public TokenForm {
      if (statusList && format == Format.OPAQUE) {
        throw new IllegalArgumentException(
            "ras.resources.status_list needs token_format: jwt: an opaque token names no list");
      }
    }

    /// How a server that takes these tokens cannot but hear of a kill; empty if it judges them by
    /// itself.
    public Optional<Held.Bound> bound() {
      if (statusList) {
        return Optional.of(
            new Held.Bound(StatusListEndpoint.KNOWN_WITHIN, "its status lists have expired"));
      }
      return format == Format.OPAQUE
          ? Optional.of(new Held.Bound(Duration.ZERO, "it has to ask here about opaque tokens"))
          : Optional.empty();
    }

    /// The two formats.
    public enum Format {
      JWT,
      OPAQUE
    }

    /// The format of this name in the configuration.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Format format(String name) {
      return switch (name) {
        case "jwt" -> Format.JWT;
        case "opaque" -> Format.OPAQUE;
        default ->
            throw new IllegalArgumentException(
                "token_format must be jwt or opaque, not '" + name + "'");
      };
    }
  }

  /// The organisations whose people it knows: its customers that are configured, and those of the
  /// ways to sign in.
  public Set<String> organisationNames() {
    var names = new TreeSet<String>();
    organisations.forEach(one -> names.add(one.name()));
    flow.ifPresent(one -> names.addAll(one.ways().organisations()));
    return names;
  }
}
