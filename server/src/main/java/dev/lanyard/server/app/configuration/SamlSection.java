package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Application;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Self;
import dev.lanyard.server.http.Certificate;
import dev.lanyard.server.http.Tls;
import dev.lanyard.server.saml.ProviderDescription;
import dev.lanyard.server.saml.RequestSigning;
import dev.lanyard.server.saml.SamlConfig;
import dev.lanyard.server.saml.SamlConfig.Source;
import dev.lanyard.server.saml.Signed;
import dev.lanyard.server.yaml.YamlMap;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// An upstream of `type: saml` in the section `broker.sign_in.upstreams`.
public final class SamlSection {
  private final Function<String, Path> files;

  /// @param files finds a file that the configuration names
  public SamlSection(Function<String, Path> files) {
    this.files = files;
  }

  public SamlUpstreamConfig read(YamlMap map) {
    var id = map.text("id");
    return new SamlUpstreamConfig(
        id,
        map.text("name", id),
        new SamlConfig(
            map.text("entity_id"),
            source(map),
            map.optionalValue("signed", Signed::named).orElse(Signed.EITHER)),
        new Self(
            map.optionalText("sp_entity_id"),
            map.optionalMap("request_signing").map(this::signing)),
        people(map),
        contexts(map),
        map.maps("subject_tokens").stream().map(SamlSection::application).toList());
  }

  private Source source(YamlMap map) {
    var given =
        List.of("metadata_url", "metadata_file", "sso_url").stream().filter(map::has).toList();
    if (given.size() != 1) {
      map.fault(
          given.isEmpty() ? "entity_id" : given.getLast(),
          "a SAML provider is described by one of 'metadata_url', 'metadata_file', or 'sso_url'"
              + " with 'certificates'");
    }
    if (map.has("metadata_url")) {
      return new Source.Remote(map.value("metadata_url", SamlSection::url));
    }
    var entityId = map.text("entity_id");
    return new Source.Fixed(
        map.has("metadata_file")
            ? map.value("metadata_file", name -> described(files.apply(name), entityId))
            : new ProviderDescription(
                entityId,
                map.value("sso_url", SamlSection::url),
                map.optionalValue("slo_url", SamlSection::url),
                map.value("certificates", name -> certificates(files.apply(name))),
                Optional.empty()));
  }

  private static URI url(String text) {
    var url = URI.create(text);
    if (url.getHost() == null
        || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
      throw new IllegalArgumentException("'" + text + "' is not a URL");
    }
    return url;
  }

  private static ProviderDescription described(Path file, String entityId) {
    try {
      return ProviderDescription.parse(Files.readAllBytes(file), entityId);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> certificates(Path file) {
    try (var pem = Files.newInputStream(file)) {
      return TrustedTls.readPem(pem);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read certificates from " + file + ": " + e.getMessage(), e);
    }
  }

  private RequestSigning signing(YamlMap map) {
    var certificate = map.value("certificate", files);
    return map.value(
        "key",
        name -> {
          try {
            var pair = Certificate.read(new Tls(certificate, files.apply(name)));
            return new RequestSigning(pair.key(), pair.chain().getFirst());
          } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
          }
        });
  }

  private static People people(YamlMap map) {
    var format =
        map.optionalValue("name_id_format", NameIdFormat::named).orElse(NameIdFormat.PERSISTENT);
    var subject = map.optionalText("subject_attribute");
    var attributes = map.optionalMap("attributes");
    return new People(
        format,
        subject,
        attributes.flatMap(one -> one.optionalText("user_name")),
        attributes.flatMap(one -> one.optionalText("email")),
        attributes.flatMap(one -> one.optionalText("name")),
        attributes.flatMap(one -> one.optionalText("groups")),
        SignInSection.emailDomains(map),
        UpstreamSection.groups(map));
  }

  private static Map<String, String> contexts(YamlMap map) {
    var contexts = new HashMap<String, String>();
    map.optionalMap("authn_contexts")
        .ifPresent(section -> section.keys().forEach(acr -> contexts.put(acr, section.text(acr))));
    return contexts;
  }

  private static Application application(YamlMap map) {
    return new Application(
        map.text("audience"),
        map.value("client", ClientId::new),
        Set.copyOf(map.texts("recipients")));
  }
}
