package dev.lanyard.server.http;

/// Whether scripts of other origins may call a route (META-18, TOK-13). There is nothing between:
/// our routes for scripts take no cookies, so every origin is as good as another.
public enum CrossOrigin {
  REFUSED,
  ALLOWED
}
