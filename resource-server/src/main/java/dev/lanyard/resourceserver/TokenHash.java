package dev.lanyard.resourceserver;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.oauth.Secret;
import java.nio.ByteBuffer;

/// Stands for a token in memory, so that a heap dump holds none: its SHA-256 hash.
record TokenHash(long first, long second, long third, long fourth) {
  static TokenHash of(Secret token) {
    var hash = ByteBuffer.wrap(Sha256.of(token.reveal()));
    return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }
}
