package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailDomain;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.sessions.OpaqueToken;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which e-mail addresses a provider's people may have (SEC-9): where it hands out those of some
/// domains, these and no others, and they count as verified. A provider without domains may name
/// any address while it is the only one of its organisation, and the address is as verified as the
/// provider says. Beside others it may name none: nobody could say whose address it is.
///
/// @param domains whose addresses the provider hands out, as [EmailDomain] compares them
/// @param foreign whose addresses other providers of the organisation hand out, and this one does
///   not
/// @param alone whether it is the only provider of the organisation
public record AddressRule(Set<String> domains, Set<String> foreign, boolean alone) {
  private static final int LONGEST = 254;
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");

  public AddressRule {
    domains = compared(domains);
    var others = new HashSet<>(compared(foreign));
    others.removeAll(domains);
    foreign = Set.copyOf(others);
  }

  /// The rule for the only provider of an organisation.
  public static AddressRule alone(Set<String> domains) {
    return new AddressRule(domains, Set.of(), true);
  }

  private static Set<String> compared(Set<String> domains) {
    return domains.stream().map(EmailDomain::compared).collect(Collectors.toUnmodifiableSet());
  }

  /// Judges an address.
  ///
  /// @param verified whether the provider says that it has verified it; empty if it says nothing
  ToldAddress judge(String address, Optional<Boolean> verified) {
    if (address.length() > LONGEST || !ADDRESS.matcher(address).matches()) {
      return dropped("no e-mail address");
    }
    if (verified.equals(Optional.of(false))) {
      return dropped("not verified by the provider");
    }
    if (!domains.isEmpty()) {
      return isOf(address, domains)
          ? new ToldAddress.Named(address, true)
          : dropped("of a domain that is not the provider's");
    }
    return alone
        ? new ToldAddress.Named(address, verified.orElse(false))
        : dropped("of a provider without email_domains, which is one of several");
  }

  /// Whether people from there may have this user name. One that is an address which another
  /// provider hands out is somebody's who comes from there.
  boolean allowsUserName(String userName) {
    // As user names are compared: the same one may be written without the letter '@'.
    return !isOf(Directory.folded(userName), foreign);
  }

  /// What somebody is called of whom the provider says no name that they may have: as the subject,
  /// which the provider chooses too, so it is marked as this one's if it is such an address.
  String nameFor(String subject, String provider) {
    return allowsUserName(subject) && subject.length() <= NewPerson.LONGEST
        ? subject
        : marked(subject, provider);
  }

  /// A subject as the name of one provider's person, which is nobody else's.
  static String marked(String subject, String provider) {
    var marked = provider + "/" + subject;
    return marked.length() <= NewPerson.LONGEST
        ? marked
        : provider + "/" + OpaqueToken.hash(new Secret(subject));
  }

  private static boolean isOf(String address, Set<String> domains) {
    return EmailDomain.of(address).filter(domains::contains).isPresent();
  }

  private static ToldAddress dropped(String why) {
    return new ToldAddress.None(Optional.of(why));
  }
}
