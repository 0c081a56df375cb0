package dev.lanyard.benchmarks.micro;

import dev.lanyard.protocol.json.JsonObject;
import java.util.List;

/// Claims of the size that real tokens have.
final class Claims {
  private Claims() {}

  static JsonObject ofAccessToken() {
    return JsonObject.builder()
        .put("iss", "https://ras.example.com")
        .put("sub", "7f3c1b52-1d6c-4b7e-9a55-3e2f0c8d9b10")
        .put("aud", "https://mcp.example.com/mcp")
        .put("client_id", "claude-code-ras")
        .put("jti", "q3v0h6b8Tn2mXc5wJ1yRkA")
        .put("iat", 1_790_000_000L)
        .put("exp", 1_790_002_700L)
        .put("scope", "issues.read issues.write")
        .put("amr", List.of("pwd", "mfa"))
        .put("grant", "2c1d9f5e-60a3-4f4d-8a57-5d1a7e1f9c33")
        .build();
  }
}
