package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.command.ReportFile;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.governance.review.ReviewPdf;
import dev.lanyard.server.governance.review.ReviewVerdict;
import dev.lanyard.server.publication.Approvers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signed reviews as files: written for others, and verified by them without this server.
final class ReviewFiles {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final int LARGEST = 64 * 1024 * 1024;

  private ReviewFiles() {}

  /// Writes a signed review as a document for people.
  ///
  /// @param fonts for what the built-in one lacks
  /// @param key seals the document as a whole
  /// @throws CommandFailure if a font cannot be read or the file not be written
  static void write(Path file, String account, List<Path> fonts, SigningKey key) {
    ReportFile.write(file, pdf(account, fonts, key));
  }

  private static byte[] pdf(String account, List<Path> fonts, SigningKey key) {
    try {
      return ReviewPdf.of(account, fonts, key, CLOCK.instant());
    } catch (IOException e) {
      throw new CommandFailure("a font cannot be read: " + e.getMessage(), e);
    } catch (MalformedException e) {
      throw new CommandFailure("the review in the database cannot be read: " + e.getMessage(), e);
    }
  }

  /// What there is to say of a review that somebody exported, JSON or PDF.
  ///
  /// @param file untrusted
  /// @param jwks the keys of whoever sealed it
  /// @param approvers whose keys count for the people who signed; those in the review itself if
  ///   empty
  /// @param whole whether to say everything that it says
  /// @throws CommandFailure if it is not genuine
  static String verified(Path file, Path jwks, Optional<Path> approvers, boolean whole) {
    var document = bytes(file);
    var keys = keys(jwks);
    if (isPdf(document)) {
      ReviewPdf.refuses(document, keys)
          .ifPresent(why -> {
            throw new CommandFailure("NOT GENUINE: " + why);
          });
      return "Genuine: the document is as it was sealed. What people signed is in the JSON document.";
    }
    return switch (ReviewVerdict.of(document, keys, people(approvers))) {
      case ReviewVerdict.Genuine(var account) -> whole ? account.toPrettyJson() : summary(account);
      case ReviewVerdict.Refused(var why) -> throw new CommandFailure("NOT GENUINE: " + why);
    };
  }

  private static boolean isPdf(byte[] document) {
    return document.length > 4
        && new String(document, 0, 4, StandardCharsets.US_ASCII).equals("%PDF");
  }

  private static Map<String, VerificationKey> people(Optional<Path> approvers) {
    var people = new HashMap<String, VerificationKey>();
    approvers.ifPresent(
        file -> Approvers.read(file).all().forEach(one -> people.put(one.name(), one.key())));
    return people;
  }

  private static String summary(JsonObject account) {
    try {
      var signature = account.object("signature").orElse(JsonObject.EMPTY);
      var lines = new ArrayList<String>();
      lines.add(
          "Genuine. %s of %s, decided by %s, signed by %s at %s."
              .formatted(
                  account.nonEmptyString("review"),
                  account.nonEmptyString("installation"),
                  account.nonEmptyString("reviewer"),
                  signature.nonEmptyString("by"),
                  signature.nonEmptyString("at")));
      for (var one : account.objects("decisions").orElse(List.of())) {
        lines.add(
            "  %-32s %-7s %s"
                .formatted(
                    one.nonEmptyString("item"),
                    one.nonEmptyString("ruling"),
                    one.nonEmptyString("rationale")));
      }
      return String.join("\n", lines);
    } catch (MalformedException e) {
      throw new IllegalStateException("a genuine review is not readable", e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CommandFailure(file + " is larger than any review");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file, e);
    }
  }

  private static PublicKeySet keys(Path file) {
    try {
      return PublicKeySet.parse(JsonObject.parse(bytes(file)));
    } catch (MalformedException e) {
      throw new CommandFailure(file + " is not a JWK Set: " + e.getMessage(), e);
    }
  }
}
