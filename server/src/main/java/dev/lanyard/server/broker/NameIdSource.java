package dev.lanyard.server.broker;

import dev.lanyard.protocol.idjag.SamlNameId;
import dev.lanyard.server.directory.Person;
import java.util.Optional;
import java.util.function.Supplier;

/// How a server that knows people by SAML knows them: written as `sub_id` (IDP-28).
///
/// @param entityId the identity provider of its SAML sign-in
/// @param from what of the person is the NameID there
/// @param format `Format` of the NameID, if it has one
/// @param qualifiers the further parts of the NameID, exactly if it has them
public record NameIdSource(
    String entityId, From from, Optional<String> format, Qualifiers qualifiers) {

  /// What of a person is the NameID.
  public enum From {
    EMAIL("email"),
    /// None of whom only a provider calls so: they may have chosen it, and somebody else be called
    /// so there.
    USER_NAME("user_name"),
    /// What the provider upstream of this entity ID names the person to us. Right where it names
    /// people to every application alike.
    NAME_ID("name_id");

    private final String value;

    From(String value) {
      this.value = value;
    }

    /// As the configuration has it.
    public String value() {
      return value;
    }
  }

  /// @param name `NameQualifier`
  /// @param sp `SPNameQualifier`
  public record Qualifiers(Optional<String> name, Optional<String> sp) {}

  /// Empty if the person has none.
  ///
  /// @param upstream the NameID by which the person signs in upstream
  Optional<SamlNameId> of(Person person, Supplier<Optional<String>> upstream) {
    var value =
        switch (from) {
          case EMAIL -> person.email();
          case USER_NAME -> person.provenUserName();
          case NAME_ID -> upstream.get();
        };
    return value.map(name ->
        new SamlNameId(
            entityId, name, format, qualifiers.name(), qualifiers.sp(), Optional.empty()));
  }
}
