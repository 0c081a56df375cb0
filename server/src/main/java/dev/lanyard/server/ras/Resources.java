package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import java.util.List;
import java.util.Optional;

/// Resources that are governed here: all of them, or those that a token is for.
record Resources(List<Resource> all) {
  Resources {
    all = List.copyOf(all);
  }

  /// Those of these names among them, each once and in their order; empty if there is no such one.
  /// Only where there is nothing to choose may the choice be left out (D-2, AC-7).
  ///
  /// @param names untrusted
  Optional<Resources> named(List<String> names) {
    if (names.isEmpty()) {
      return all.size() == 1 ? Optional.of(this) : Optional.empty();
    }
    var known = all.stream().map(one -> one.resource().value()).toList();
    return known.containsAll(names)
        ? Optional.of(
            new Resources(names.stream().distinct().map(known::indexOf).map(all::get).toList()))
        : Optional.empty();
  }

  /// Those of these that are among them, each once and in their order.
  Resources of(List<ResourceIndicator> identifiers) {
    return new Resources(
        identifiers.stream()
            .distinct()
            .flatMap(id -> all.stream().filter(one -> one.resource().equals(id)))
            .toList());
  }

  List<ResourceIndicator> identifiers() {
    return all.stream().map(Resource::resource).toList();
  }

  /// Everything that they know.
  Scopes scopes() {
    return all.stream().map(Resource::scopes).reduce(Scopes.NONE, Scopes::union);
  }

  /// The one form that a token for all of them can have. Empty if each has its own: whichever the
  /// token had, one of the servers could not read it.
  Optional<TokenForm> form() {
    var forms = all.stream().map(Resource::tokens).distinct().toList();
    return forms.size() == 1 ? Optional.of(forms.getFirst()) : Optional.empty();
  }

  /// Whether one of them takes only tokens that are bound to a key.
  boolean needProof() {
    return all.stream().anyMatch(Resource::dpopRequired);
  }
}
