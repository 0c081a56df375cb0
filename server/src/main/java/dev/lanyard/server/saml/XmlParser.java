package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/// Reads XML from strangers: no document type and so no entities, nothing from elsewhere, no more
/// than a message needs.
///
/// Comments and processing instructions are refused altogether: a signature does not cover them,
/// and software has read `admin<!-- -->@evil.example` as `admin` (SEC-12). So is an ID that is
/// there twice, because then a signature covers one element and a reader may take the other.
final class XmlParser {
  /// Somebody in a thousand groups fits in; metadata of a whole federation does not.
  static final int LARGEST = 512 * 1024;

  private static final int DEEPEST = 32;
  private static final int MOST_ELEMENTS = 10_000;

  /// Of the JDK's own parser.
  private static final Map<String, Boolean> FEATURES =
      Map.of(
          XMLConstants.FEATURE_SECURE_PROCESSING,
          true,
          "http://apache.org/xml/features/disallow-doctype-decl",
          true,
          "http://xml.org/sax/features/external-general-entities",
          false,
          "http://xml.org/sax/features/external-parameter-entities",
          false,
          "http://apache.org/xml/features/nonvalidating/load-external-dtd",
          false);

  private static final Map<String, String> LIMITS =
      Map.of(
          XMLConstants.ACCESS_EXTERNAL_DTD,
          "",
          XMLConstants.ACCESS_EXTERNAL_SCHEMA,
          "",
          "jdk.xml.maxElementDepth",
          Integer.toString(DEEPEST),
          "jdk.xml.elementAttributeLimit",
          "64",
          "jdk.xml.maxXMLNameLimit",
          "256");

  private XmlParser() {}

  /// The root of a document.
  ///
  /// @throws MalformedException if it is not well-formed, or has what no message of SAML needs
  static SamlElement parse(byte[] xml) throws MalformedException {
    if (xml.length > LARGEST) {
      throw new MalformedException("the XML is larger than " + LARGEST + " bytes");
    }
    // Decoded here, so that a declaration of another encoding has no say.
    var text = StrictUtf8.decode(xml);
    try {
      var document = builder().parse(new InputSource(new StringReader(text)));
      if (!"1.0".equals(document.getXmlVersion())) {
        throw new MalformedException("the XML is not version 1.0");
      }
      inspect(document);
      return new SamlElement(document.getDocumentElement());
    } catch (SAXException e) {
      throw new MalformedException("not well-formed XML, or with a document type or too deep");
    } catch (IOException e) {
      throw new IllegalStateException("reading a text does not fail", e);
    }
  }

  private static DocumentBuilder builder() {
    try {
      var factory = DocumentBuilderFactory.newDefaultInstance();
      for (var feature : FEATURES.entrySet()) {
        factory.setFeature(feature.getKey(), feature.getValue());
      }
      LIMITS.forEach(factory::setAttribute);
      factory.setNamespaceAware(true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      factory.setCoalescing(true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Strict());
      builder.setEntityResolver((_, _) -> {
        throw new SAXException("nothing is fetched");
      });
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser has these features", e);
    }
  }

  /// Without recursion: it is the first that sees the document.
  private static void inspect(Document document) throws MalformedException {
    var ids = new HashSet<String>();
    int elements = 0;
    Node node = document;
    while (node != null) {
      switch (node.getNodeType()) {
        case Node.ELEMENT_NODE -> {
          if (++elements > MOST_ELEMENTS) {
            throw new MalformedException("the XML has more than " + MOST_ELEMENTS + " elements");
          }
          noteIds((Element) node, ids);
        }
        case Node.DOCUMENT_NODE, Node.TEXT_NODE -> {}
        case Node.COMMENT_NODE -> throw new MalformedException("the XML has a comment");
        default -> throw new MalformedException("the XML has a node of type " + node.getNodeType());
      }
      node = next(node);
    }
  }

  /// In the order of the document.
  private static @Nullable Node next(Node node) {
    if (node.getFirstChild() != null) {
      return node.getFirstChild();
    }
    Node at = node;
    while (at != null && at.getNextSibling() == null) {
      at = at.getParentNode();
    }
    return at == null ? null : at.getNextSibling();
  }

  /// Whatever any reader of XML signatures may take for an ID.
  private static void noteIds(Element element, Set<String> ids) throws MalformedException {
    NamedNodeMap attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      var attribute = attributes.item(i);
      if (attribute.getLocalName().toLowerCase(Locale.ROOT).equals("id")
          && !ids.add(attribute.getNodeValue())) {
        throw new MalformedException("the XML has an ID twice");
      }
    }
  }

  /// The usual one writes to the console.
  private static final class Strict implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
