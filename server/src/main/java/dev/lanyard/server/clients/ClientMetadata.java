package dev.lanyard.server.clients;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.GrantType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a client says of itself, in a metadata document or when it registers. None of it is proved:
/// a name is what the client would like to be called.
///
/// Members that we do not know are ignored, and so are logos and links: nothing of a client's is
/// shown to people but its name, its redirect URIs and, if it has one, the host of its document.
///
/// @param name for people
/// @param method how it will prove itself
/// @param keys what it proves itself with, if it signs
/// @param redirectUris where its users may come back to
/// @param postLogoutRedirectUris where they may come back to after a sign-out
/// @param grants what it asks for, as far as we let such clients have it
/// @param applicationType `web` or `native`, if it said so
/// @param dpopRequired whether every token for it must be bound to a key
/// @param pushedRequestsOnly whether its authorization requests count only if it has pushed them
/// @spec https://www.rfc-editor.org/rfc/rfc7591.html#section-2 RFC 7591 §2
public record ClientMetadata(
    String name,
    AuthMethod method,
    ClientKeys keys,
    List<RedirectUri> redirectUris,
    List<RedirectUri> postLogoutRedirectUris,
    Set<GrantType> grants,
    Optional<ApplicationType> applicationType,
    boolean dpopRequired,
    boolean pushedRequestsOnly) {
  private static final int LONGEST_NAME = 100;
  private static final int MOST_REDIRECT_URIS = 20;
  private static final int LONGEST_URI = 2000;

  /// Control characters, and those that turn the direction of text or cannot be seen: a name is
  /// shown to people who decide by it.
  private static final Pattern UNFIT_FOR_NAMES =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Zl}\\p{Zp}]");

  public ClientMetadata {
    redirectUris = List.copyOf(redirectUris);
    postLogoutRedirectUris = List.copyOf(postLogoutRedirectUris);
    grants = Set.copyOf(grants);
  }

  /// Where an application runs (REG-9).
  public enum ApplicationType {
    /// On a server of its maker's: it comes back by `https`, and not to the user's machine.
    WEB("web"),
    /// On the user's machine: it may come back there, by any port or by a scheme of its own.
    NATIVE("native");

    private final String value;

    ApplicationType(String value) {
      this.value = value;
    }

    public String value() {
      return value;
    }

    private boolean allows(RedirectUri uri) {
      return this == NATIVE
          || (uri.value().startsWith("https:")
              && !RedirectUri.isOnThisComputer(URI.create(uri.value())));
    }
  }

  /// What such clients may say.
  ///
  /// @param methods how they may prove themselves
  /// @param grants what they may have at all
  /// @param named whether they have to say a name
  /// @param remoteKeys whether their keys may be at a URL of theirs, which we would have to call
  public record Rules(
      Set<AuthMethod> methods, Set<GrantType> grants, boolean named, boolean remoteKeys) {
    public Rules {
      methods = Set.copyOf(methods);
      grants = Set.copyOf(grants);
    }
  }

  /// What was read.
  public sealed interface Reading {
    record Read(ClientMetadata metadata) implements Reading {}

    /// @param code `invalid_redirect_uri` or `invalid_client_metadata`
    /// @param evidence its check names the member, its expectation what it must be
    record Invalid(ErrorCode code, Evidence evidence) implements Reading {}
  }

  /// Reads what a client says; untrusted.
  public static Reading read(JsonObject json, Rules rules) {
    try {
      return new Reading.Read(parsed(json, rules));
    } catch (Fault fault) {
      return new Reading.Invalid(fault.code, fault.evidence);
    } catch (MalformedException e) {
      return new Reading.Invalid(
          ErrorCode.INVALID_CLIENT_METADATA,
          new Evidence("metadata", "members of the types of RFC 7591", e.getMessage(), "REG-3"));
    }
  }

  private static ClientMetadata parsed(JsonObject json, Rules rules)
      throws Fault, MalformedException {
    var type = applicationType(json);
    var grants = grants(json, rules);
    var redirectUris = redirectUris(json, "redirect_uris");
    if (redirectUris.isEmpty() && grants.contains(GrantType.AUTHORIZATION_CODE)) {
      throw new Fault(
          ErrorCode.INVALID_REDIRECT_URI, "redirect_uris", "one at least", "none", "REG-3");
    }
    for (var uri : redirectUris) {
      if (type.isPresent() && !type.get().allows(uri)) {
        throw new Fault(
            ErrorCode.INVALID_REDIRECT_URI,
            "redirect_uris",
            "https and not on the user's machine, as the application_type is web; an application"
                + " there is native",
            uri.value(),
            "REG-9");
      }
    }
    var method = method(json, rules);
    return new ClientMetadata(
        name(json, rules),
        method,
        method == AuthMethod.PRIVATE_KEY_JWT ? keys(json, rules) : new ClientKeys.None(),
        redirectUris,
        redirectUris(json, "post_logout_redirect_uris"),
        grants,
        type,
        json.bool("dpop_bound_access_tokens").orElse(false),
        json.bool("require_pushed_authorization_requests").orElse(false));
  }

  private static String name(JsonObject json, Rules rules) throws Fault, MalformedException {
    var name = json.string("client_name").map(String::strip).orElse("");
    if (name.isEmpty() && !rules.named()) {
      return "An application without a name";
    }
    if (name.isEmpty() || name.length() > LONGEST_NAME || UNFIT_FOR_NAMES.matcher(name).find()) {
      throw invalid("client_name", "1 to 100 characters that can be seen", "another", "REG-3");
    }
    return name;
  }

  private static Optional<ApplicationType> applicationType(JsonObject json)
      throws Fault, MalformedException {
    var named = json.string("application_type");
    if (named.isEmpty()) {
      return Optional.empty();
    }
    for (var type : ApplicationType.values()) {
      if (type.value.equals(named.get())) {
        return Optional.of(type);
      }
    }
    throw invalid("application_type", "web or native", shortened(named.get()), "REG-9");
  }

  private static Set<GrantType> grants(JsonObject json, Rules rules)
      throws Fault, MalformedException {
    var asked = json.strings("grant_types").orElse(List.of("authorization_code"));
    checkProfile(json, asked);
    var grants = EnumSet.noneOf(GrantType.class);
    for (var one : asked) {
      GrantType.of(one).filter(rules.grants()::contains).ifPresent(grants::add);
    }
    if (grants.isEmpty()) {
      var offered = rules.grants().stream().map(GrantType::value).sorted().toList();
      throw invalid("grant_types", "some of " + offered, shortened(asked.toString()), "REG-8");
    }
    var responses = json.strings("response_types").orElse(List.of("code"));
    if (grants.contains(GrantType.AUTHORIZATION_CODE) && !responses.contains("code")) {
      throw invalid("response_types", "code", shortened(responses.toString()), "REG-8");
    }
    return grants;
  }

  /// Who says that it speaks the profile of ID-JAGs says that it can do both of its steps (REG-7).
  private static void checkProfile(JsonObject json, List<String> grants)
      throws Fault, MalformedException {
    var both = List.of(GrantType.TOKEN_EXCHANGE.value(), GrantType.JWT_BEARER.value());
    boolean profile =
        json.strings("authorization_grant_profiles_supported")
            .orElse(List.of())
            .contains(AuthorizationServerMetadata.ID_JAG_PROFILE);
    if (profile && !grants.containsAll(both)) {
      throw invalid(
          "grant_types", both + " with the id-jag profile", shortened(grants.toString()), "REG-7");
    }
  }

  private static List<RedirectUri> redirectUris(JsonObject json, String member)
      throws Fault, MalformedException {
    var given = json.strings(member).orElse(List.of());
    if (given.size() > MOST_REDIRECT_URIS) {
      throw new Fault(
          ErrorCode.INVALID_REDIRECT_URI, member, "20 at most", given.size() + "", "REG-3");
    }
    var uris = new ArrayList<RedirectUri>();
    for (var uri : given) {
      var fault = uri.length() > LONGEST_URI ? Optional.of("too long") : RedirectUri.faultOf(uri);
      if (fault.isPresent()) {
        throw new Fault(
            ErrorCode.INVALID_REDIRECT_URI, member, fault.get(), shortened(uri), "AC-4");
      }
      uris.add(new RedirectUri(uri));
    }
    return uris;
  }

  /// Whoever has keys and says nothing means to use them.
  private static AuthMethod method(JsonObject json, Rules rules) throws Fault, MalformedException {
    boolean keys = json.has("jwks") || json.has("jwks_uri");
    var unsaid =
        rules.methods().contains(AuthMethod.CLIENT_SECRET_BASIC)
            ? AuthMethod.CLIENT_SECRET_BASIC
            : keys ? AuthMethod.PRIVATE_KEY_JWT : AuthMethod.NONE;
    var named = json.string("token_endpoint_auth_method");
    var method = named.isEmpty() ? Optional.of(unsaid) : AuthMethod.of(named.get());
    return method
        .filter(rules.methods()::contains)
        .orElseThrow(() ->
            invalid(
                "token_endpoint_auth_method",
                "one of " + rules.methods().stream().map(AuthMethod::value).sorted().toList(),
                shortened(named.orElse("none")),
                "REG-3"));
  }

  private static ClientKeys keys(JsonObject json, Rules rules) throws Fault, MalformedException {
    if (json.has("jwks") == json.has("jwks_uri")) {
      var actual = json.has("jwks") ? "both" : "neither";
      throw invalid("jwks", "jwks or jwks_uri with private_key_jwt", actual, "REG-3");
    }
    if (json.has("jwks_uri")) {
      return rules.remoteKeys() ? remote(json.nonEmptyString("jwks_uri")) : refusedRemote();
    }
    var set = PublicKeySet.parse(json.object("jwks").orElse(JsonObject.EMPTY));
    if (set.keys().isEmpty()) {
      throw invalid("jwks", "a public key that we can use", "none", "REG-3");
    }
    return new ClientKeys.Inline(set);
  }

  private static ClientKeys refusedRemote() throws Fault {
    throw invalid("jwks_uri", "absent: register the keys themselves as jwks", "present", "SEC-6");
  }

  private static ClientKeys remote(String text) throws Fault {
    try {
      var uri = new URI(text);
      boolean good =
          "https".equals(uri.getScheme())
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && text.length() <= LONGEST_URI;
      if (good) {
        return new ClientKeys.Remote(uri);
      }
    } catch (URISyntaxException e) {
      // Told below, like everything else that is no such URL.
    }
    throw invalid("jwks_uri", "an https URL", shortened(text), "REG-3");
  }

  /// The client that this makes.
  ///
  /// @param secret of a client that has one
  public Client client(ClientId id, Optional<SecretHash> secret) {
    var permissions = new Client.Permissions(grants, dpopRequired, pushedRequestsOnly);
    return new Client(
        id,
        name,
        new Credentials(methods(), secret, keys),
        permissions,
        redirectUris,
        Map.of(),
        Optional.empty(),
        new Client.OpenId(
            Optional.empty(),
            postLogoutRedirectUris,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /// Clients send a secret in either way, whatever they have said (TOK-2).
  private Set<AuthMethod> methods() {
    return method == AuthMethod.CLIENT_SECRET_BASIC || method == AuthMethod.CLIENT_SECRET_POST
        ? Set.of(AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST)
        : Set.of(method);
  }

  private static String shortened(String text) {
    return Excerpt.marked(text, 200);
  }

  private static Fault invalid(String member, String expected, String actual, String requirement) {
    return new Fault(ErrorCode.INVALID_CLIENT_METADATA, member, expected, actual, requirement);
  }

  /// Carries a refusal out of the reading of one member.
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final transient Evidence evidence;

    Fault(ErrorCode code, String member, String expected, String actual, String requirement) {
      super(member, null, false, false);
      this.code = code;
      this.evidence = new Evidence(member, expected, actual, requirement);
    }
  }
}
