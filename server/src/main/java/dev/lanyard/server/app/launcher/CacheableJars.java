package dev.lanyard.server.app.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Takes the signatures out of the libraries in a folder, since the JVM's start-up cache leaves out
/// every class of a signed jar. Nothing here asks for them: the files come from the build, which
/// has compared them with the repository's checksums, and OpenJDK loads unsigned providers.
///
/// The launcher runs this before it makes the cache. A second run finds nothing to do.
public final class CacheableJars {
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)", Pattern.CASE_INSENSITIVE);

  private CacheableJars() {}

  /// @param arguments the folder
  public static void main(String[] arguments) throws IOException {
    unsign(Path.of(arguments[0]));
  }

  /// Puts an unsigned copy in the place of each signed jar.
  static void unsign(Path folder) throws IOException {
    try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
      for (var jar : jars) {
        unsignOne(jar);
      }
    }
  }

  private static void unsignOne(Path jar) throws IOException {
    var unsigned = jar.resolveSibling(jar.getFileName() + ".unsigned");
    try (var signed = new ZipFile(jar.toFile())) {
      if (signed.stream().noneMatch(CacheableJars::isSignature)) {
        return;
      }
      try (var out = new ZipOutputStream(Files.newOutputStream(unsigned))) {
        for (var entry : signed.stream().filter(entry -> !isSignature(entry)).toList()) {
          var copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          out.write(contents(signed, entry));
          out.closeEntry();
        }
      }
    }
    // Moved, not written over: what runs from the signed one keeps it.
    Files.move(unsigned, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean isSignature(ZipEntry entry) {
    return SIGNATURE.matcher(entry.getName()).matches();
  }

  private static byte[] contents(ZipFile jar, ZipEntry entry) throws IOException {
    try (var in = jar.getInputStream(entry)) {
      return entry.getName().equals(JarFile.MANIFEST_NAME)
          ? withoutDigests(new Manifest(in))
          : in.readAllBytes();
    }
  }

  private static byte[] withoutDigests(Manifest manifest) throws IOException {
    var entries = manifest.getEntries().values();
    entries.forEach(attributes -> attributes.keySet().removeIf(CacheableJars::isDigest));
    entries.removeIf(Attributes::isEmpty);
    var out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }

  private static boolean isDigest(Object attribute) {
    return attribute.toString().toLowerCase(Locale.ROOT).endsWith("-digest");
  }
}
