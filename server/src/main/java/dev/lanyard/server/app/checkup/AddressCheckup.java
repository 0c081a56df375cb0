package dev.lanyard.server.app.checkup;

import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.AddressRule;
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
