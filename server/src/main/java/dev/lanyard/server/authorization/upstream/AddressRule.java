package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailDomain;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.sessions.OpaqueToken;
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
/// @param alone whether it is the only provider of the organisation
public record AddressRule(Set<String> domains, boolean alone) {
  private static final int LONGEST = 254;
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");

  public AddressRule {
    domains = domains.stream().map(EmailDomain::compared).collect(Collectors.toUnmodifiableSet());
  }

  /// The rule for the only provider of an organisation.
  public static AddressRule alone(Set<String> domains) {
    return new AddressRule(domains, true);
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
      return isOfItsDomains(address)
          ? new ToldAddress.Named(address, true)
          : dropped("of a domain that is not the provider's");
    }
    return alone
        ? new ToldAddress.Named(address, verified.orElse(false))
        : dropped("of a provider without email_domains, which is one of several");
  }

  /// Whether somebody from there may have this user name. One that is an address must be the
  /// person's own, as far as that is known: nobody may stand in the place of whoever has it. Where
  /// no domains are named and no addresses are told, it is not known.
  ///
  /// @param own the person's address, as this rule has judged it
  boolean allowsUserName(String userName, ToldAddress own) {
    if (!isPlain(userName)) {
      return false;
    }
    // As user names are compared: the same one may be written without the letter '@'.
    var folded = Directory.folded(userName);
    return EmailDomain.of(folded).isEmpty()
        || switch (own) {
          case ToldAddress.Named(var address, _) -> Directory.foldedAddress(address).equals(folded);
          case ToldAddress.None(var dropped) -> dropped.isEmpty() && mayNameAny();
          case ToldAddress.Unsaid() -> mayNameAny();
        };
  }

  /// Whether it looks like no other one: nothing in it, or around it, is invisible.
  private static boolean isPlain(String userName) {
    return NewPerson.isShowable(userName)
        && userName.equals(userName.strip())
        && userName.codePoints().noneMatch(one -> Character.getType(one) == Character.FORMAT);
  }

  private boolean mayNameAny() {
    return domains.isEmpty() && alone;
  }

  /// What somebody is called of whom the provider says no name that they may have: as the subject,
  /// which the provider chooses too, so it is marked as this one's if they may not have it either.
  ///
  /// @param own as in [#allowsUserName]
  String nameFor(String subject, String provider, ToldAddress own) {
    return allowsUserName(subject, own) && subject.length() <= NewPerson.LONGEST
        ? subject
        : marked(subject, provider);
  }

  /// A subject as the name of one provider's person, which is nobody else's.
  static String marked(String subject, String provider) {
    var marked = provider + "/" + subject;
    return marked.length() <= NewPerson.LONGEST && isPlain(subject)
        ? marked
        : provider + "/" + OpaqueToken.hash(new Secret(subject));
  }

  private boolean isOfItsDomains(String address) {
    return EmailDomain.of(address).filter(domains::contains).isPresent();
  }

  private static ToldAddress dropped(String why) {
    return new ToldAddress.None(Optional.of(why));
  }
}
