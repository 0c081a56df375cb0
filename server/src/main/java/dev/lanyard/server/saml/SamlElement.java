package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// An element of a document. What it says is worth as much as the document that it is from.
record SamlElement(Element element) {

  boolean is(String namespace, String name) {
    return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
  }

  String name() {
    return element.getLocalName();
  }

  /// Every element directly below.
  List<SamlElement> children() {
    var children = new ArrayList<SamlElement>();
    for (Node at = element.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element child) {
        children.add(new SamlElement(child));
      }
    }
    return children;
  }

  /// The elements of this name directly below.
  List<SamlElement> children(String namespace, String name) {
    return children().stream().filter(child -> child.is(namespace, name)).toList();
  }

  /// The only element of this name directly below, if there is one.
  ///
  /// @throws MalformedException if there are several
  Optional<SamlElement> child(String namespace, String name) throws MalformedException {
    var found = children(namespace, name);
    if (found.size() > 1) {
      throw new MalformedException(found.size() + " elements " + name + " in " + name());
    }
    return found.stream().findFirst();
  }

  /// The one element of this name directly below.
  ///
  /// @throws MalformedException if there is none, or there are several
  SamlElement only(String namespace, String name) throws MalformedException {
    return child(namespace, name)
        .orElseThrow(() -> new MalformedException("no element " + name + " in " + name()));
  }

  /// How many elements of this name are anywhere below or this one itself.
  int count(String namespace, String name) {
    return element.getElementsByTagNameNS(namespace, name).getLength()
        + (is(namespace, name) ? 1 : 0);
  }

  /// An attribute without a namespace.
  Optional<String> attribute(String name) {
    return element.hasAttributeNS(null, name)
        ? Optional.of(element.getAttributeNS(null, name))
        : Optional.empty();
  }

  /// An attribute that must be there.
  ///
  /// @throws MalformedException if it is absent or empty
  String required(String name) throws MalformedException {
    return attribute(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> new MalformedException("no attribute " + name + " in " + name()));
  }

  /// An attribute that is a time.
  ///
  /// @throws MalformedException if it is there and no `xs:dateTime` with a zone
  Optional<Instant> instant(String name) throws MalformedException {
    var text = attribute(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text.get()).toInstant());
    } catch (DateTimeException e) {
      throw new MalformedException(name + " of " + name() + " is not a time with a zone");
    }
  }

  /// All of its text, exactly.
  ///
  /// @throws MalformedException if it is blank, or there are elements in it
  String text() throws MalformedException {
    if (!children().isEmpty()) {
      throw new MalformedException("elements in " + name() + ", which is text");
    }
    var text = element.getTextContent();
    if (text.isBlank()) {
      throw new MalformedException(name() + " is empty");
    }
    return text;
  }
}
