package dev.lanyard.demo;

import dev.lanyard.server.app.CommandProvider;

/// Adds `demo` to the command line.
public final class DemoProvider implements CommandProvider {
  @Override
  public Object command() {
    return new DemoCommand();
  }
}
