package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.app.configuration.Configuration.ServedGateway;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.ras.RasConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Whose people the role library of this installation means: the configuration's word, or else the
/// broker's of this installation, or else those of the only organisation there is.
public final class LibraryPeople {
  private LibraryPeople() {}

  /// As what the library knows people, at every time.
  ///
  /// @param record what the record says of the broker now
  public static Function<Person, Member> of(
      Configuration config, Supplier<Optional<BrokerRecord>> record) {
    var said = said(config);
    if (said.organisation().isPresent()) {
      return said::member;
    }
    var only = only(config);
    return person -> said.or(record.get().map(BrokerRecord::organisation)).or(only).member(person);
  }

  /// Whose they are now, by the same rule.
  public static WhosePeople now(Configuration config, Optional<BrokerRecord> record) {
    return said(config).or(record.map(BrokerRecord::organisation)).or(only(config));
  }

  private static WhosePeople said(Configuration config) {
    return config
        .gateway()
        .map(ServedGateway::people)
        .orElseGet(() -> new WhosePeople(Optional.empty(), Map.of()))
        .or(config.broker().map(one -> one.config().organisation()));
  }

  private static Optional<String> only(Configuration config) {
    var names = config.ras().map(Served::config).map(RasConfig::organisationNames).orElse(Set.of());
    return names.size() == 1 ? names.stream().findFirst() : Optional.empty();
  }
}
