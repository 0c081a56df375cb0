package dev.lanyard.resourceserver;

import dev.lanyard.protocol.egress.TrustedTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;

/// Certificates of two clients. Nobody has their keys: who has proved them is what the tests say.
final class ClientCertificates {
  static final X509Certificate OURS =
      read(
          """
          -----BEGIN CERTIFICATE-----
          MIIBejCCASGgAwIBAgIUGla3lQiqZZGTTsUZDf7z6hxuHQQwCgYIKoZIzj0EAwIw
          EzERMA8GA1UEAwwIY2xpZW50LWEwHhcNMjYxMTI5MTkyNTM0WhcNMzYxMTI2MTky
          NTM0WjATMREwDwYDVQQDDAhjbGllbnQtYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
          A0IABFCmt2fFzPH3bSW/e80Wl45cC7CK9AhTV+uqzDl84HJ0IC1FQxR3Pvc8uSxi
          Eg7brq6RaGhsC8hVUdJzA2u62sGjUzBRMB0GA1UdDgQWBBS2j/7SgQ524eKlWoU5
          nxfYRRwRVDAfBgNVHSMEGDAWgBS2j/7SgQ524eKlWoU5nxfYRRwRVDAPBgNVHRMB
          Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHC61VvG55zVckAgipb7DLpCaUcJ
          v0XksNViUkR0q/1ZAiBw266SFeABWR6WyiHuWiN0jWxyaaSYB3jQl+mF255Rug==
          -----END CERTIFICATE-----
          """);

  static final X509Certificate ANOTHER =
      read(
          """
          -----BEGIN CERTIFICATE-----
          MIIBejCCASGgAwIBAgIUTPhJrU4pceIKUZBWI3zRQsxXjEwwCgYIKoZIzj0EAwIw
          EzERMA8GA1UEAwwIY2xpZW50LWIwHhcNMjYxMTI5MTkyNTM1WhcNMzYxMTI2MTky
          NTM1WjATMREwDwYDVQQDDAhjbGllbnQtYjBZMBMGByqGSM49AgEGCCqGSM49AwEH
          A0IABNMLVqATzsrpqu20g36W6GJZYCxGQOG8G/J5mrxib9R2si8ZRp1llaWa3wKN
          sVu2dHJLkcxoH0Ni1rQSZuWQo9KjUzBRMB0GA1UdDgQWBBSGUTrOJaxqyt5cwOUe
          ah4iW339vjAfBgNVHSMEGDAWgBSGUTrOJaxqyt5cwOUeah4iW339vjAPBgNVHRMB
          Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHrkULUedU26Ip2OLxbDd0FKPgBn
          CAON2gs4nCY0etBAAiBNv7XAaW6etNojUAobbraPGly6sZucg66/+6G5WQrMug==
          -----END CERTIFICATE-----
          """);

  private ClientCertificates() {}

  private static X509Certificate read(String pem) {
    try {
      return TrustedTls.readPem(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
