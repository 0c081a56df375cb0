package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which attributes an answer has (SCIM-7). Names that are not in the schema are overlooked.
///
/// @param only those, if any are named; `id` and `schemas` are always there
/// @param not all but those
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.9 RFC 7644 §3.9
record Projection(List<AttributePath> only, List<AttributePath> not) {
  static final Projection ALL = new Projection(List.of(), List.of());

  static Projection of(
      ResourceType type, List<String> attributes, List<String> excludedAttributes) {
    return new Projection(paths(type, attributes), paths(type, excludedAttributes));
  }

  private static List<AttributePath> paths(ResourceType type, List<String> names) {
    var paths = new ArrayList<AttributePath>();
    for (var name : names) {
      try {
        if (FilterParser.path(name.strip(), type, Compatibility.GENERIC)
                instanceof PatchPath.Target(var path, var filter)
            && filter.isEmpty()) {
          paths.add(path);
        }
      } catch (ScimRefusal e) {
        // RFC 7644 has no error for it, and providers ask for attributes that only others have.
        continue;
      }
    }
    return List.copyOf(paths);
  }

  /// Whether an attribute of the core schema is in the answer at all.
  boolean shows(String attribute) {
    return only.isEmpty()
        ? not.stream().noneMatch(path -> names(path, attribute) && path.part().isEmpty())
        : only.stream().anyMatch(path -> names(path, attribute));
  }

  private static boolean names(AttributePath path, String attribute) {
    return path.extension().isEmpty() && path.attribute().name().equals(attribute);
  }

  Complex of(Complex resource) {
    if (only.isEmpty()) {
      var rest = resource;
      for (var path : not) {
        rest = path.attribute().name().equals("id") ? rest : without(rest, path);
      }
      return rest;
    }
    var shown = Complex.EMPTY;
    for (var always : List.of("schemas", "id")) {
      var value = resource.get(always);
      shown = value.isPresent() ? shown.with(always, value.get()) : shown;
    }
    for (var path : only) {
      shown = with(shown, path, resource);
    }
    return shown;
  }

  private static Complex without(Complex resource, AttributePath path) {
    if (path.extension().isPresent()) {
      var id = path.extension().get().id();
      return resource.get(id).isPresent()
          ? resource.with(id, without((Complex) resource.get(id).get(), inCore(path)))
          : resource;
    }
    var name = path.attribute().name();
    var value = resource.get(name);
    if (path.part().isEmpty() || value.isEmpty()) {
      return resource.without(name);
    }
    var part = path.part().get().name();
    return switch (value.get()) {
      case Complex complex -> resource.with(name, complex.without(part));
      case Items(var values) ->
          resource.with(
              name,
              new Items(
                  values.stream()
                      .map(one -> one instanceof Complex c ? c.without(part) : one)
                      .toList()));
      default -> resource;
    };
  }

  private static AttributePath inCore(AttributePath path) {
    return new AttributePath(Optional.empty(), path.attribute(), path.part());
  }

  private static Complex with(Complex shown, AttributePath path, Complex resource) {
    if (path.extension().isPresent()) {
      var id = path.extension().get().id();
      var from = resource.get(id).map(Complex.class::cast).orElse(Complex.EMPTY);
      var to = shown.get(id).map(Complex.class::cast).orElse(Complex.EMPTY);
      return shown.with(id, with(to, inCore(path), from));
    }
    var name = path.attribute().name();
    var value = resource.get(name);
    if (value.isEmpty()) {
      return shown;
    }
    if (path.part().isEmpty()) {
      return shown.with(name, value.get());
    }
    var part = path.part().get().name();
    return switch (value.get()) {
      case Complex complex -> {
        var to = shown.get(name).map(Complex.class::cast).orElse(Complex.EMPTY);
        var of = complex.get(part);
        yield of.isPresent() ? shown.with(name, to.with(part, of.get())) : shown;
      }
      case Items(var values) -> shown.with(name, new Items(only(values, part)));
      default -> shown;
    };
  }

  private static List<Value> only(List<Value> values, String part) {
    return values.stream()
        .<Value>map(value ->
            value instanceof Complex complex
                ? complex.get(part).map(of -> Complex.of(part, of)).orElse(Complex.EMPTY)
                : value)
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
