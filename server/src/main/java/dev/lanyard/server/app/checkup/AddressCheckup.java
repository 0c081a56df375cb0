package dev.lanyard.server.app.checkup;

import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.AddressRule;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.scim.ScimConnection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/// Says which e-mail addresses people from each provider may have here (SEC-9).
public final class AddressCheckup {
  private AddressCheckup() {}

  /// One finding for each provider.
  public static List<Finding> examine(SignInWays ways) {
    return ways.organisationsByProvider().keySet().stream()
        .sorted()
        .map(id -> finding("upstream " + id + " addresses", ways.addresses(id)))
        .toList();
  }

  /// One finding for each of several SCIM connections of an organisation that may name any address.
  public static List<Finding> atScim(ScimConfig scim) {
    var organisations = scim.connections().stream().map(ScimConnection::organisation).toList();
    return scim.connections().stream()
        .filter(one -> one.emailDomains().isEmpty())
        .filter(one -> Collections.frequency(organisations, one.organisation()) > 1)
        .map(one ->
            Finding.note(
                "SCIM connection " + one.id() + " addresses",
                "all that it names are taken, and count as verified, also those of people of the"
                    + " other connections. List the domains whose addresses it hands out in"
                    + " 'email_domains'"))
        .toList();
  }

  private static Finding finding(String check, AddressRule rule) {
    if (!rule.domains().isEmpty()) {
      return Finding.good(
          check,
          "taken, and said to be verified, are those of "
              + String.join(", ", new TreeSet<>(rule.domains())));
    }
    return rule.alone()
        ? Finding.note(
            check,
            "said to be verified only if the provider says so; Entra and SAML providers do not. List"
                + " the domains whose addresses it hands out in 'email_domains'")
        : Finding.note(
            check, "none is taken: it is one of several providers, and has no 'email_domains'");
  }
}
