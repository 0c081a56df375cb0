package dev.lanyard.server.saml;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Messages in a URL: deflated, and signed over the query as it is written.
///
/// SAML 2.0 Bindings §3.4.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf SAML 2.0 Bindings
final class RedirectBinding {
  private RedirectBinding() {}

  /// What is sent, and under which name.
  enum Kind {
    REQUEST("SAMLRequest"),
    RESPONSE("SAMLResponse");

    private final String parameter;

    Kind(String parameter) {
      this.parameter = parameter;
    }

    String parameter() {
      return parameter;
    }
  }

  /// The URL that carries a message.
  ///
  /// @param destination may have a query of its own
  static URI url(
      URI destination,
      Kind kind,
      String xml,
      Optional<String> relayState,
      Optional<RequestSigning> signing) {
    var query = new StringBuilder(pair(kind.parameter(), deflated(xml)));
    relayState.ifPresent(state -> query.append('&').append(pair("RelayState", state)));
    signing.ifPresent(key -> {
      query.append('&').append(pair("SigAlg", key.algorithm()));
      var signature = key.sign(query.toString().getBytes(StandardCharsets.US_ASCII));
      query.append('&').append(pair("Signature", Base64.getEncoder().encodeToString(signature)));
    });
    return URI.create(destination + (destination.getRawQuery() == null ? "?" : "&") + query);
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static String deflated(String xml) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(xml.getBytes(StandardCharsets.UTF_8));
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[2048];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return Base64.getEncoder().encodeToString(out.toByteArray());
    } finally {
      deflater.end();
    }
  }

  /// The message in a parameter.
  ///
  /// @throws MalformedException if it is not base64 of deflated octets, or becomes too large
  static byte[] inflated(String parameter) throws MalformedException {
    var inflater = new Inflater(true);
    try {
      inflater.setInput(Base64.getDecoder().decode(parameter));
      // One octet more than may be, to see whether there are more.
      var out = new byte[XmlParser.LARGEST + 1];
      int length = 0;
      while (!inflater.finished() && length < out.length) {
        int read = inflater.inflate(out, length, out.length - length);
        if (read == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new MalformedException("a deflated message that breaks off");
        }
        length += read;
      }
      if (length > XmlParser.LARGEST) {
        throw new MalformedException("a deflated message that is too large");
      }
      return Arrays.copyOf(out, length);
    } catch (IllegalArgumentException | DataFormatException e) {
      // The base64 decoder of the JDK has no other way to refuse.
      throw new MalformedException("not a deflated message");
    } finally {
      inflater.end();
    }
  }

  /// Whether one of these keys has signed a query, **as it is written**: another encoding of the
  /// same values is something else.
  ///
  /// @param query the raw query, each parameter once
  static boolean isSigned(String query, Kind kind, List<PublicKey> keys) throws MalformedException {
    var form = Form.parse(query, Set.of());
    var algorithm = form.required("SigAlg");
    var keyKind = SignatureVerifier.ALGORITHMS.get(algorithm);
    if (keyKind == null) {
      throw new MalformedException("SigAlg " + algorithm + " is not accepted");
    }
    var octets =
        written(query, kind.parameter())
            + (form.has("RelayState") ? "&" + written(query, "RelayState") : "")
            + "&"
            + written(query, "SigAlg");
    var name =
        RequestSigning.signatureName(
            keyKind, "SHA" + algorithm.substring(algorithm.lastIndexOf("sha") + 3));
    var signature = decoded(form.required("Signature"));
    for (var key : keys) {
      if (key.getAlgorithm().equals(keyKind) && verifies(name, key, octets, signature)) {
        return true;
      }
    }
    return false;
  }

  private static String written(String query, String name) throws MalformedException {
    for (var pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair;
      }
    }
    throw new MalformedException("no parameter " + name);
  }

  private static byte[] decoded(String base64) throws MalformedException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the Signature is not base64");
    }
  }

  private static boolean verifies(String name, PublicKey key, String octets, byte[] signature) {
    try {
      var verifier = Signature.getInstance(name);
      verifier.initVerify(key);
      verifier.update(octets.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature of another length or form, which is a bad one.
      return false;
    }
  }
}
