package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;

/// The seal of a PDF document, where PDF has signatures: it covers every byte of the file but
/// itself. In it is a JWT with the hash of those bytes, which our own verifier reads; a PDF reader
/// shows the document and says that it does not know who signs this way.
///
/// What somebody appends to the file, as PDF allows, is behind what is covered, and refused.
final class PdfSeal {
  /// The `typ` of the JWT.
  static final String TYPE = "lanyard-review-pdf+jwt";

  private static final String FILTER = "Lanyard";
  private static final String SUB_FILTER = "lanyard.jwt";

  private PdfSeal() {}

  static byte[] sealed(byte[] pdf, JsonObject account, SigningKey key, Instant at)
      throws IOException, MalformedException {
    try (var document = Loader.loadPDF(pdf)) {
      var signature = new PDSignature();
      signature.setFilter(COSName.getPDFName(FILTER));
      signature.setSubFilter(COSName.getPDFName(SUB_FILTER));
      signature.setName(account.nonEmptyString("installation"));
      signature.setSignDate(GregorianCalendar.from(at.atZone(ZoneOffset.UTC)));
      document.addSignature(signature);
      var out = new ByteArrayOutputStream();
      var signing = document.saveIncrementalForExternalSigning(out);
      byte[] content;
      try (var stream = signing.getContent()) {
        content = stream.readAllBytes();
      }
      var claims =
          JsonObject.builder()
              .put("iss", account.nonEmptyString("installation"))
              .put("iat", at.getEpochSecond())
              .put("review", account.nonEmptyString("review"))
              .put("account", ReviewAccount.hash(account))
              .put("document", Pack.sha256(content))
              .build();
      signing.setSignature(
          new JwtSigner(key, TYPE).sign(claims).getBytes(StandardCharsets.US_ASCII));
      return out.toByteArray();
    }
  }

  /// Why the seal does not vouch for the whole file; empty if it does.
  static Optional<String> refuses(byte[] pdf, PublicKeySet keys) {
    int[] range;
    try (var document = Loader.loadPDF(pdf)) {
      var signature = document.getLastSignatureDictionary();
      if (signature == null) {
        return Optional.of("the document has no seal");
      }
      range = signature.getByteRange();
    } catch (IOException | RuntimeException e) {
      // The parser meets what anybody may have written.
      return Optional.of("this is not a PDF document that can be read");
    }
    if (!isWhole(range, pdf)) {
      return Optional.of("the seal does not cover the whole file: something was appended or cut");
    }
    return judged(covered(pdf, range), seal(pdf, range), keys);
  }

  /// Everything but one hexadecimal text.
  private static boolean isWhole(int[] range, byte[] pdf) {
    if (range.length != 4
        || range[0] != 0
        || range[1] < 1
        || range[2] <= range[1] + 1
        || range[3] < 0
        || (long) range[2] + range[3] != pdf.length
        || pdf[range[1]] != '<'
        || pdf[range[2] - 1] != '>') {
      return false;
    }
    for (int i = range[1] + 1; i < range[2] - 1; i++) {
      if (!HexFormat.isHexDigit(pdf[i])) {
        return false;
      }
    }
    return true;
  }

  private static byte[] covered(byte[] pdf, int[] range) {
    var covered = new byte[range[1] + range[3]];
    System.arraycopy(pdf, 0, covered, 0, range[1]);
    System.arraycopy(pdf, range[2], covered, range[1], range[3]);
    return covered;
  }

  private static String seal(byte[] pdf, int[] range) {
    var hex = new String(pdf, range[1] + 1, range[2] - range[1] - 2, StandardCharsets.US_ASCII);
    var padded = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0");
    int end = padded.length;
    while (end > 0 && padded[end - 1] == 0) {
      end--;
    }
    return new String(Arrays.copyOf(padded, end), StandardCharsets.US_ASCII);
  }

  private static Optional<String> judged(byte[] covered, String seal, PublicKeySet keys) {
    try {
      var jwt = UnverifiedJwt.parse(seal);
      if (!jwt.unverifiedType().equals(Optional.of(TYPE))) {
        return Optional.of("the seal is '%s'".formatted(jwt.unverifiedType().orElse("untyped")));
      }
      return switch (new JwtVerifier(keys, EnumSet.allOf(SigningAlgorithm.class)).verify(jwt)) {
        case Verification.Verified(var verified) ->
            verified.claims().all().string("document").equals(Optional.of(Pack.sha256(covered)))
                ? Optional.empty()
                : Optional.of("the document was changed after it was sealed");
        case Verification.Refused(Verification.Fault.UnknownKey(var keyId)) ->
            Optional.of(
                "none of these keys has sealed it; it names the key "
                    + keyId.orElse("without kid"));
        case Verification.Refused(var fault) -> Optional.of("the seal: " + fault.describe());
        case Verification.Undecided(var reason) -> Optional.of(reason);
      };
    } catch (MalformedException e) {
      return Optional.of("the seal cannot be read: " + e.getMessage());
    }
  }
}
