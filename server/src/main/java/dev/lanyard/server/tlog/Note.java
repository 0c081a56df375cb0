package dev.lanyard.server.tlog;

import dev.lanyard.protocol.json.MalformedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// A text with signatures below it. Whether they are any good only a [NoteKey] can tell.
///
/// @param text with the line feed at its end
/// @spec https://c2sp.org/signed-note#format signed-note, Format
public record Note(String text, List<Signature> signatures) {
  private static final String DASH = "\u2014 ";
  private static final int LONGEST = 64 * 1024;
  private static final int MOST_SIGNATURES = 64;

  public Note {
    signatures = List.copyOf(signatures);
  }

  /// A line below the text.
  ///
  /// @param name of the key
  /// @param keyId a hint at the key
  /// @param octets what the key made of the text
  @SuppressWarnings("ArrayRecordComponent") // Made and read here only, never compared.
  public record Signature(String name, int keyId, byte[] octets) {

    String line() {
      var all = ByteBuffer.allocate(Integer.BYTES + octets.length).putInt(keyId).put(octets);
      return DASH + name + " " + Base64.getEncoder().encodeToString(all.array()) + "\n";
    }

    static Signature parse(String line) throws MalformedException {
      var parts = line.startsWith(DASH) ? line.substring(DASH.length()).split(" ", -1) : null;
      if (parts == null || parts.length != 2 || !NoteKey.isName(parts[0])) {
        throw new MalformedException("not the line of a signature");
      }
      var all = Base64s.decode(parts[1]);
      if (all.length <= Integer.BYTES) {
        throw new MalformedException("a signature is too short");
      }
      return new Signature(
          parts[0],
          ByteBuffer.wrap(all).getInt(),
          Arrays.copyOfRange(all, Integer.BYTES, all.length));
    }

    @Override
    public String toString() {
      return "Signature[" + name + "]";
    }
  }

  /// @throws MalformedException if it is not a signed note
  public static Note parse(String note) throws MalformedException {
    if (note.length() > LONGEST || note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new MalformedException("a note is too long, or has control characters");
    }
    int end = note.lastIndexOf("\n\n");
    if (end < 0 || !note.endsWith("\n")) {
      throw new MalformedException("a note has a blank line before its signatures");
    }
    return new Note(note.substring(0, end + 1), signatures(note.substring(end + 2)));
  }

  /// Reads notes that stand one after the other.
  ///
  /// @throws MalformedException if there is anything else
  public static List<Note> parseAll(String notes) throws MalformedException {
    var all = new ArrayList<Note>();
    var note = new StringBuilder();
    boolean signed = false;
    for (var line : notes.lines().toList()) {
      boolean isSignature = line.startsWith(DASH);
      if (signed && !isSignature) {
        all.add(parse(note.toString()));
        note.setLength(0);
      }
      signed = isSignature;
      note.append(line).append('\n');
    }
    if (!note.isEmpty()) {
      all.add(parse(note.toString()));
    }
    return all;
  }

  /// Lines of signatures alone, as a witness answers them.
  ///
  /// @throws MalformedException if there is anything else
  public static List<Signature> signatures(String lines) throws MalformedException {
    var signatures = new ArrayList<Signature>();
    if (!lines.endsWith("\n")) {
      throw new MalformedException("no signatures");
    }
    for (var line : lines.substring(0, lines.length() - 1).split("\n", -1)) {
      signatures.add(Signature.parse(line));
    }
    if (signatures.size() > MOST_SIGNATURES) {
      throw new MalformedException("too many signatures");
    }
    return signatures;
  }

  /// The same note with one more signature.
  public Note with(Signature signature) {
    var all = new ArrayList<>(signatures);
    all.add(signature);
    return new Note(text, all);
  }

  /// As it is written down.
  public String print() {
    var note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature.line()));
    return note.toString();
  }
}
