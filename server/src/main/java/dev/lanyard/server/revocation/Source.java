package dev.lanyard.server.revocation;

import java.util.Locale;
import java.util.Optional;

/// Who says that something has happened. Whoever calls [Revocation] has authenticated it.
///
/// @param kind what sort of source
/// @param connection which of them, as the administrator named it; empty where there is only one
/// @param organisation the only organisation it may speak about, if it is confined to one
public record Source(Kind kind, String connection, Optional<String> organisation) {

  /// The sorts of sources. The names are kept in the database.
  public enum Kind {
    /// An administrator, at the command line or the console.
    ADMIN(true),
    /// The person, who signed out.
    PERSON(true),
    /// An OAuth client that gave a token back (RFC 7009).
    CLIENT(true),
    /// This server, which noticed a theft.
    SERVER(true),
    /// A change of the role library, or an exception that ended.
    POLICY(true),
    /// The comparison that finds what everybody else has missed.
    RECONCILIATION(true),
    /// An identity provider, in what it claims of a person who signs in through it. The order of
    /// two such claims is decided before they come here.
    SIGN_IN(true),
    /// Provisioning. The protocol carries no time of the event, so it is our own of the request.
    SCIM(true),
    /// CAEP and RISC events, with the time of the transmitter.
    SHARED_SIGNALS(false),
    /// Global token revocation, Universal Logout.
    GLOBAL_TOKEN_REVOCATION(false),
    /// OpenID Connect back-channel logout, with the time of the provider.
    BACK_CHANNEL_LOGOUT(false),
    /// SAML single logout, with the time of the provider.
    SAML_LOGOUT(false);

    private final boolean ourClock;

    Kind(boolean ourClock) {
      this.ourClock = ourClock;
    }

    /// Whether its times are read from our own clock.
    boolean usesOurClock() {
      return ourClock;
    }
  }

  /// The only source of its kind.
  public static Source of(Kind kind) {
    return new Source(kind, "", Optional.empty());
  }

  /// One of several.
  public static Source of(Kind kind, String connection) {
    return new Source(kind, connection, Optional.empty());
  }

  /// The same, but what it says about anybody outside this organisation counts for nothing.
  public Source within(String organisation) {
    return new Source(kind, connection, Optional.of(organisation));
  }

  /// As it is recorded: `scim:okta`, `admin`.
  public String name() {
    var name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return connection.isEmpty() ? name : name + ":" + connection;
  }
}
