package dev.lanyard.server.saml;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What we are to one provider.
///
/// @param entityId what we call ourselves there
/// @param assertionConsumer where it sends its answers, by the POST binding
/// @param logout where it sends its logout requests
/// @param nameIdFormat the kind of name that we want for people
/// @param signing what we sign requests with, if we do
public record ServiceProvider(
    String entityId,
    URI assertionConsumer,
    URI logout,
    String nameIdFormat,
    Optional<RequestSigning> signing) {

  /// A request to sign somebody in.
  ///
  /// @param id what the answer must name; fresh
  /// @param anew whether the person must prove who they are again
  /// @param contexts the authentication contexts of which one is wanted; any if it is empty
  public record Request(String id, Instant at, boolean anew, List<String> contexts) {
    public Request {
      contexts = List.copyOf(contexts);
    }
  }

  /// The same, taking answers at another place.
  public ServiceProvider consumingAt(URI place) {
    return new ServiceProvider(entityId, place, logout, nameIdFormat, signing);
  }

  /// Where to send the browser with a request.
  ///
  /// @param relayState comes back beside the answer; opaque, at most 80 characters SAML 2.0 Core
  ///   §3.4.1.
  ///
  /// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf SAML 2.0 Core
  public URI requestUrl(ProviderDescription provider, Request request, String relayState) {
    var xml =
        new XmlWriter()
            .open(
                "samlp:AuthnRequest",
                "xmlns:samlp",
                Names.PROTOCOL,
                "xmlns:saml",
                Names.ASSERTION,
                "ID",
                request.id(),
                "Version",
                Names.VERSION,
                "IssueInstant",
                request.at().toString(),
                "Destination",
                provider.singleSignOn().toString(),
                "ProtocolBinding",
                Names.POST,
                "AssertionConsumerServiceURL",
                assertionConsumer.toString(),
                "ForceAuthn",
                Boolean.toString(request.anew()))
            .text("saml:Issuer", entityId)
            .empty("samlp:NameIDPolicy", "Format", nameIdFormat, "AllowCreate", "true");
    if (!request.contexts().isEmpty()) {
      xml.open("samlp:RequestedAuthnContext", "Comparison", "exact");
      request.contexts().forEach(context -> xml.text("saml:AuthnContextClassRef", context));
      xml.close("samlp:RequestedAuthnContext");
    }
    xml.close("samlp:AuthnRequest");
    return RedirectBinding.url(
        provider.singleSignOn(),
        RedirectBinding.Kind.REQUEST,
        xml.toString(),
        Optional.of(relayState),
        signing);
  }

  /// Where to send the browser with the news that a logout was done.
  ///
  /// @param id of the answer; fresh
  /// @param relayState as the request had it SAML 2.0 Core §3.7.2.
  ///
  /// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf SAML 2.0 Core
  public URI logoutAnswerUrl(
      URI destination, SamlLogout request, String id, Instant at, Optional<String> relayState) {
    var xml =
        new XmlWriter()
            .open(
                "samlp:LogoutResponse",
                "xmlns:samlp",
                Names.PROTOCOL,
                "xmlns:saml",
                Names.ASSERTION,
                "ID",
                id,
                "Version",
                Names.VERSION,
                "IssueInstant",
                at.toString(),
                "Destination",
                destination.toString(),
                "InResponseTo",
                request.id())
            .text("saml:Issuer", entityId)
            .open("samlp:Status")
            .empty("samlp:StatusCode", "Value", Names.SUCCESS)
            .close("samlp:Status")
            .close("samlp:LogoutResponse");
    return RedirectBinding.url(
        destination, RedirectBinding.Kind.RESPONSE, xml.toString(), relayState, signing);
  }

  /// Our metadata, for the administrator of the provider to import.
  ///
  /// @param signed what we want signed SAML 2.0 Metadata §2.4.4.
  ///
  /// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf SAML 2.0
  ///   Metadata
  public byte[] metadata(Signed signed) {
    var xml =
        new XmlWriter()
            .open("md:EntityDescriptor", "xmlns:md", Names.METADATA, "entityID", entityId)
            .open(
                "md:SPSSODescriptor",
                "AuthnRequestsSigned",
                Boolean.toString(signing.isPresent()),
                "WantAssertionsSigned",
                Boolean.toString(signed == Signed.ASSERTION),
                "protocolSupportEnumeration",
                Names.PROTOCOL);
    signing.ifPresent(key ->
        xml.open("md:KeyDescriptor", "use", "signing")
            .open("ds:KeyInfo", "xmlns:ds", Names.SIGNATURE)
            .open("ds:X509Data")
            .text("ds:X509Certificate", base64(key))
            .close("ds:X509Data")
            .close("ds:KeyInfo")
            .close("md:KeyDescriptor"));
    xml.empty("md:SingleLogoutService", "Binding", Names.REDIRECT, "Location", logout.toString())
        .empty("md:SingleLogoutService", "Binding", Names.POST, "Location", logout.toString())
        .text("md:NameIDFormat", nameIdFormat)
        .empty(
            "md:AssertionConsumerService",
            "Binding",
            Names.POST,
            "Location",
            assertionConsumer.toString(),
            "index",
            "0",
            "isDefault",
            "true")
        .close("md:SPSSODescriptor")
        .close("md:EntityDescriptor");
    return xml.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(RequestSigning key) {
    try {
      return Base64.getEncoder().encodeToString(key.certificate().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }
}
