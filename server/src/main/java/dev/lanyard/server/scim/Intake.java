package dev.lanyard.server.scim;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Flag;
import dev.lanyard.server.scim.Value.Items;
import dev.lanyard.server.scim.Value.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Turns what a provider sends into values of the schema, or refuses it. Strings stay as they were
/// sent (SCIM-19); names get the case of the schema; what only we may say is ignored.
final class Intake {
  private final ResourceType type;
  private final Compatibility compatibility;

  Intake(ResourceType type, Compatibility compatibility) {
    this.type = type;
    this.compatibility = compatibility;
  }

  /// A whole resource, as `POST` and `PUT` send it.
  Complex resource(Complex sent) throws ScimRefusal {
    requireSchema(sent);
    var resource = Complex.EMPTY;
    for (var member : sent.members().entrySet()) {
      var extension = type.extension(member.getKey());
      if (extension.isPresent()) {
        resource =
            resource.with(extension.get().id(), extension(extension.get(), member.getValue()));
      } else {
        resource = with(resource, member.getKey(), member.getValue());
      }
    }
    return checked(resource);
  }

  private void requireSchema(Complex sent) throws ScimRefusal {
    var named =
        sent.get("schemas").map(Value::elements).orElse(List.of()).stream()
            .anyMatch(
                value -> value instanceof Text(var id) && id.equalsIgnoreCase(type.core().id()));
    if (!named && !compatibility.isTolerant()) {
      throw ScimRefusal.invalidSyntax("'schemas' does not name " + type.core().id());
    }
  }

  private Complex with(Complex resource, String name, Value value) throws ScimRefusal {
    if (name.equalsIgnoreCase("password") && compatibility.refusesPasswords()) {
      throw ScimRefusal.invalidValue("no password is taken");
    }
    var attribute = type.attribute(name);
    if (attribute.isEmpty()) {
      refuseUnknown(name);
      return resource;
    }
    return attribute.get().isReadOnly()
        ? resource
        : resource.with(attribute.get().name(), value(attribute.get(), value));
  }

  private void refuseUnknown(String name) throws ScimRefusal {
    // A password is known, and not kept (SCIM-18).
    if (compatibility.isMinimal() && !name.equalsIgnoreCase("password")) {
      throw ScimRefusal.invalidSyntax("an attribute is not in the schema");
    }
  }

  /// The attributes of an extension.
  Complex extension(Schema schema, Value value) throws ScimRefusal {
    if (!(value instanceof Complex sent)) {
      throw ScimRefusal.invalidValue("an extension is an object");
    }
    var extension = Complex.EMPTY;
    for (var member : sent.members().entrySet()) {
      var attribute = schema.attribute(member.getKey());
      if (attribute.isPresent()) {
        var taken = value(attribute.get(), member.getValue());
        extension = extension.with(attribute.get().name(), taken);
      } else {
        refuseUnknown(member.getKey());
      }
    }
    return extension;
  }

  /// The value or the values of an attribute.
  Value value(Attribute attribute, Value sent) throws ScimRefusal {
    if (attribute.many()) {
      var values = new ArrayList<Value>();
      // One value comes as it is, too (SCIM-E9).
      if (!(sent instanceof Items) && !compatibility.isTolerant()) {
        throw ScimRefusal.invalidValue("'" + attribute.name() + "' needs a list");
      }
      for (var element : sent.elements()) {
        var value = element(attribute, element);
        if (!value.isEmpty() && !values.contains(value)) {
          values.add(value);
        }
      }
      return new Items(values);
    }
    if (sent instanceof Items(var values) && compatibility.isTolerant()) {
      return switch (values.size()) {
        case 0 -> Complex.EMPTY;
        case 1 -> element(attribute, values.getFirst());
        default -> throw ScimRefusal.invalidValue("'" + attribute.name() + "' has one value");
      };
    }
    return element(attribute, sent);
  }

  /// One value of an attribute.
  Value element(Attribute attribute, Value sent) throws ScimRefusal {
    return switch (attribute.kind()) {
      case COMPLEX -> complex(attribute, sent);
      case BOOLEAN -> flag(attribute, sent);
      case STRING, REFERENCE, DATE_TIME -> text(attribute, sent);
    };
  }

  private Complex complex(Attribute attribute, Value sent) throws ScimRefusal {
    if (sent instanceof Complex complex) {
      return parts(attribute, complex);
    }
    var value = attribute.part("value");
    // A manager or a role may be its value alone (SCIM-E8).
    if (value.isPresent() && sent instanceof Text && compatibility.isTolerant()) {
      return Complex.EMPTY.with("value", sent);
    }
    throw ScimRefusal.invalidValue("'" + attribute.name() + "' needs an object");
  }

  private Complex parts(Attribute attribute, Complex sent) throws ScimRefusal {
    var complex = Complex.EMPTY;
    for (var member : sent.members().entrySet()) {
      var part = attribute.part(member.getKey());
      if (part.isPresent() && !part.get().isReadOnly()) {
        complex = complex.with(part.get().name(), value(part.get(), member.getValue()));
      } else if (part.isEmpty()) {
        refuseUnknown(member.getKey());
      }
    }
    return complex;
  }

  private Flag flag(Attribute attribute, Value sent) throws ScimRefusal {
    if (sent instanceof Flag flag) {
      return flag;
    }
    // "False", as Entra disables people without its flag (SCIM-E2).
    if (sent instanceof Text(var word) && compatibility.isTolerant()) {
      if (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")) {
        return new Flag(word.equalsIgnoreCase("true"));
      }
    }
    throw ScimRefusal.invalidValue("'" + attribute.name() + "' needs true or false");
  }

  private Text text(Attribute attribute, Value sent) throws ScimRefusal {
    return switch (sent) {
      case Text text -> text;
      case Value.Number(var number) when compatibility.isTolerant() ->
          new Text(number.toPlainString());
      case Flag(var on) when compatibility.isTolerant() -> new Text(Boolean.toString(on));
      default -> throw ScimRefusal.invalidValue("'" + attribute.name() + "' needs a string");
    };
  }

  /// What no single value can break: at most one is primary, and there is one work address.
  Complex checked(Complex resource) throws ScimRefusal {
    for (var attribute : type.core().attributes()) {
      if (!attribute.many() || attribute.isReadOnly()) {
        continue;
      }
      var values = resource.complexes(attribute.name());
      if (values.stream().filter(Intake::isPrimary).count() > 1) {
        throw ScimRefusal.invalidValue("'" + attribute.name() + "' has two primary values");
      }
      if (attribute.name().equals("emails")) {
        requireOneOfEachType(values);
      }
    }
    return resource;
  }

  static boolean isPrimary(Complex value) {
    return value.flag("primary").equals(Optional.of(true));
  }

  private static void requireOneOfEachType(List<Complex> values) throws ScimRefusal {
    var types = new HashSet<String>();
    for (var value : values) {
      var named = value.text("type");
      if (named.isPresent() && !types.add(Directory.folded(named.get()))) {
        throw ScimRefusal.invalidValue("'emails' has two values of one type");
      }
    }
  }
}
