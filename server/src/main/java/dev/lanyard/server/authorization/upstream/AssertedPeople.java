package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.saml.NameId;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whom a verified assertion means, and what it says of them, by the mapping of the configuration.
public final class AssertedPeople {
  /// Longer names are cut by others, and then two people have one.
  private static final int LONGEST = 256;

  private final SamlUpstreamConfig config;
  private final AddressRule addresses;
  private final Issuer nameSpace;
  private final Map<String, String> acrs;

  AssertedPeople(SamlUpstreamConfig config, AddressRule addresses, Issuer self) {
    this.config = config;
    this.addresses = addresses;
    this.nameSpace = SamlPlaces.nameSpace(self, config.provider().entityId());
    this.acrs =
        config.contexts().entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
  }

  /// In whose name space its people are.
  public Issuer nameSpace() {
    return nameSpace;
  }

  /// The name here of a session there. Its own index need not differ between people.
  public static String session(String nameIdKey, String index) {
    var name = JsonObject.builder().put("name_id", nameIdKey).put("index", index).build();
    return OpaqueToken.hash(new Secret(name.toJson()));
  }

  /// What an assertion says.
  public Answer<Introduction> introduced(SamlAssertion assertion) {
    var format = assertion.nameId().flatMap(NameId::format);
    if (config.people().subject().isEmpty()
        && !format.equals(Optional.of(config.people().format().uri()))) {
      return refused(
          "NameID Format", config.people().format().uri(), format.orElse("none"), "SEC-9");
    }
    var subject = subject(assertion);
    if (subject.filter(one -> one.length() <= LONGEST).isEmpty()) {
      return refused(
          config.people().subject().orElse("NameID"),
          "one value of at most " + LONGEST + " characters",
          subject.map(one -> one.length() + " characters").orElse("none, several, or longer"),
          "IDP-14");
    }
    return new Answer.Given<>(introduction(assertion, subject.get()));
  }

  private Optional<String> subject(SamlAssertion assertion) {
    var attribute = config.people().subject();
    return attribute.isEmpty() ? assertion.nameIdKey() : single(assertion, attribute);
  }

  private Introduction introduction(SamlAssertion assertion, String subject) {
    var people = config.people();
    var email = email(assertion);
    var said = single(assertion, people.userName()).filter(value -> !value.isBlank());
    // Whoever has another's name from before does not keep it: its owner could not come in.
    boolean others = !said.stream().allMatch(one -> addresses.allowsUserName(one, email));
    var userName =
        said.filter(one -> addresses.allowsUserName(one, email))
            .or(() -> email.address().filter(one -> addresses.allowsUserName(one, email)))
            .or(() ->
                others || !addresses.allowsUserName(subject, email)
                    ? Optional.of(addresses.nameFor(subject, config.id(), email))
                    : Optional.empty());
    return new Introduction(
        nameSpace,
        subject,
        new ToldProfile(
            userName, email, single(assertion, people.displayName()).filter(NewPerson::isShowable)),
        groups(assertion),
        assertion.issuedAt(),
        authentication(assertion.authentication()),
        new Session.Upstream(
            config.id(),
            assertion
                .nameIdKey()
                .flatMap(key -> assertion.sessionIndex().map(index -> session(key, index))),
            assertion.nameIdKey(),
            assertion.sessionEndsBy()));
  }

  /// Nothing, if the provider says nothing of groups and everybody from there has none.
  private Optional<Set<String>> groups(SamlAssertion assertion) {
    var mapping = config.people().groupNames();
    var attribute = config.people().groups();
    if (attribute.isEmpty()) {
      return mapping.always().isEmpty() ? Optional.empty() : Optional.of(mapping.always());
    }
    return attribute.map(name -> mapping.of(assertion.attribute(name)));
  }

  /// SAML does not say whether an address was verified.
  private ToldAddress email(SamlAssertion assertion) {
    var attribute = config.people().email();
    return attribute.isEmpty()
        ? new ToldAddress.Unsaid()
        : single(assertion, attribute)
            .map(address -> addresses.judge(address, Optional.empty()))
            .orElseGet(() -> new ToldAddress.None(Optional.empty()));
  }

  private AuthenticationContext authentication(AuthenticationContext said) {
    return new AuthenticationContext(
        said.time(), said.contextClass().flatMap(this::acr), said.methods());
  }

  /// What was not mapped is passed on as SAML writes it: a provider must not say what applications
  /// call another class.
  private Optional<String> acr(String contextClass) {
    return Optional.ofNullable(acrs.get(contextClass))
        .or(() ->
            contextClass.indexOf(':') > 0 && !config.contexts().containsKey(contextClass)
                ? Optional.of(contextClass)
                : Optional.empty());
  }

  /// The value of an attribute; none if it is too long, or if there are several, because nobody can
  /// say which one is meant.
  private static Optional<String> single(SamlAssertion assertion, Optional<String> attribute) {
    return attribute
        .map(assertion::attribute)
        .filter(values -> values.size() == 1)
        .map(List::getFirst)
        .filter(value -> value.length() <= LONGEST);
  }

  private static <T> Answer<T> refused(
      String check, String expected, String actual, String requirement) {
    return new Answer.Refused<>(new Evidence(check, expected, actual, requirement));
  }
}
