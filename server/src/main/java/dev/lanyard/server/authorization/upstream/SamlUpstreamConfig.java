package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.saml.RequestSigning;
import dev.lanyard.server.saml.SamlConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A SAML 2.0 identity provider that signs people in for the broker.
///
/// @param id its short name, part of the addresses that it is told
/// @param name what people read on the button
/// @param provider who it is
/// @param self who we are there
/// @param people how it means people, and what it says of them
/// @param contexts what applications call its authentication contexts: `acr` to
///   `AuthnContextClassRef`
/// @param applications whose assertions of this provider are taken as subject tokens (IDP-15)
public record SamlUpstreamConfig(
    String id,
    String name,
    SamlConfig provider,
    Self self,
    People people,
    Map<String, String> contexts,
    List<Application> applications) {

  /// @throws IllegalArgumentException if something of it cannot be
  public SamlUpstreamConfig {
    contexts = Map.copyOf(contexts);
    applications = List.copyOf(applications);
    if (!id.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.id must be lower-case letters, digits and '-', not '"
              + id
              + "'");
    }
    if (new HashSet<>(contexts.values()).size() < contexts.size()) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.authn_contexts of '" + id + "' names a context twice");
    }
    var audiences = new HashSet<String>();
    for (var application : applications) {
      if (!audiences.add(application.audience())) {
        throw new IllegalArgumentException(
            "broker.sign_in.upstreams.subject_tokens of '"
                + id
                + "' maps the audience "
                + application.audience()
                + " twice");
      }
    }
  }

  /// Who we are at the provider.
  ///
  /// @param entityId what we are called there; empty for the address of our metadata
  /// @param signing what we sign with, if we do
  public record Self(Optional<String> entityId, Optional<RequestSigning> signing) {
    /// Called by the address of our metadata, signing nothing.
    public static final Self DEFAULT = new Self(Optional.empty(), Optional.empty());
  }

  /// How the provider means people, and which attributes say what of them.
  ///
  /// @param format the kind of NameID that we ask for
  /// @param subject the attribute that means a person, in place of the NameID
  /// @param userName the attribute with what they sign in with
  /// @param email the attribute with their address
  /// @param displayName the attribute with what they are called
  /// @param groups the attribute that lists all groups that they are in
  /// @param emailDomains whose e-mail addresses it hands out; see [AddressRule]
  /// @param groupNames what its groups are called here
  public record People(
      NameIdFormat format,
      Optional<String> subject,
      Optional<String> userName,
      Optional<String> email,
      Optional<String> displayName,
      Optional<String> groups,
      Set<String> emailDomains,
      GroupMapping groupNames) {

    /// A provider of which no domains are named, and whose groups are called here as there.
    public People(
        NameIdFormat format,
        Optional<String> subject,
        Optional<String> userName,
        Optional<String> email,
        Optional<String> displayName,
        Optional<String> groups) {
      this(format, subject, userName, email, displayName, groups, Set.of(), GroupMapping.SAME);
    }

    /// @throws IllegalArgumentException if nothing is left that means a person for ever (SEC-9)
    public People {
      emailDomains = Set.copyOf(emailDomains);
      if (subject.isEmpty() && !format.isLasting()) {
        throw new IllegalArgumentException(
            "name_id_format "
                + format.word()
                + " may mean another person tomorrow: ask for persistent, or name an attribute"
                + " that never does in subject_attribute");
      }
    }
  }

  /// A kind of NameID.
  public enum NameIdFormat {
    /// Opaque, for ever; may differ from application to application.
    PERSISTENT("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", true),
    /// Whatever the administrator of the provider has chosen, who answers for it.
    UNSPECIFIED("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", true),
    /// An address, which may be given to another.
    EMAIL("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", false),
    /// Another one at each sign-in.
    TRANSIENT("urn:oasis:names:tc:SAML:2.0:nameid-format:transient", false);

    private final String uri;
    private final boolean lasting;

    NameIdFormat(String uri, boolean lasting) {
      this.uri = uri;
      this.lasting = lasting;
    }

    /// As messages write it.
    public String uri() {
      return uri;
    }

    boolean isLasting() {
      return lasting;
    }

    /// As the configuration writes it.
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if it is none of them
    public static NameIdFormat named(String word) {
      for (var one : values()) {
        if (one.word().equals(word)) {
          return one;
        }
      }
      throw new IllegalArgumentException(
          "'" + word + "' is none of persistent, unspecified, email, transient");
    }
  }

  /// An application that is a service provider of its own at the provider, and a client of ours.
  ///
  /// @param audience its entity id there
  /// @param client what it is here
  /// @param recipients the addresses at which it receives assertions
  public record Application(String audience, ClientId client, Set<String> recipients) {
    /// @throws IllegalArgumentException if it could receive nothing
    public Application {
      recipients = Set.copyOf(recipients);
      if (recipients.isEmpty()) {
        throw new IllegalArgumentException(
            "broker.sign_in.upstreams.subject_tokens.recipients of " + audience + " is empty");
      }
    }
  }
}
