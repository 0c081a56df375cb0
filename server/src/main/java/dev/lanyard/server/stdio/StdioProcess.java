package dev.lanyard.server.stdio;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// One process, for one owner. Thread-safe.
///
/// @param <O> for whom it runs
final class StdioProcess<O extends Owner> {
  private final String name;
  private final Launcher.Launched launched;
  private final StdioConfig.Limits limits;
  private final BiConsumer<StdioProcess<O>, String> onEnd;
  private final Conversation conversation;
  private final Instant startedAt;
  private volatile O owner;
  private volatile Instant usedAt;
  private boolean ended;

  /// @param onEnd called once when nothing is left of it, with the reason
  StdioProcess(
      String name,
      O owner,
      Launcher.Launched launched,
      StdioConfig.Limits limits,
      InstantSource clock,
      BiConsumer<StdioProcess<O>, String> onEnd) {
    this.name = name;
    this.owner = owner;
    this.launched = launched;
    this.limits = limits;
    this.startedAt = clock.instant();
    this.usedAt = startedAt;
    this.onEnd = onEnd;
    this.conversation =
        new Conversation(
            launched.process(),
            limits.messageBytes(),
            () -> usedAt = clock.instant(),
            why -> end(why.orElseGet(this::exit)));
  }

  /// Listens to it from now on.
  void begin() {
    conversation.begin("stdio " + pid());
    // Its children may hold its output open when it has gone.
    var _ = launched.process().onExit().thenAccept(_ -> end(exit()));
  }

  String name() {
    return name;
  }

  /// Whoever was heard last.
  O owner() {
    return owner;
  }

  long pid() {
    return launched.process().pid();
  }

  Conversation conversation() {
    return conversation;
  }

  Instant usedAt() {
    return usedAt;
  }

  void heard(O who, Instant now) {
    owner = who;
    usedAt = now;
  }

  /// Once, whoever is first; when it returns, nothing is left of it.
  synchronized void end(String why) {
    if (ended) {
      return;
    }
    ended = true;
    conversation.over(why);
    Launcher.end(launched);
    onEnd.accept(this, why);
  }

  /// Why it should not go on; empty if it may.
  Optional<String> fault(Instant now) {
    if (owner.isDead()) {
      return Optional.of("its person may not go on");
    }
    if (!now.isBefore(startedAt.plus(limits.life()))) {
      return Optional.of("it has run for too long");
    }
    // In this order: what ends meanwhile has been used until now.
    return !conversation.isBusy() && !now.isBefore(usedAt.plus(limits.idle()))
        ? Optional.of("nobody used it")
        : Optional.empty();
  }

  private String exit() {
    try {
      return launched.process().waitFor(1, TimeUnit.SECONDS)
          ? "its process has ended with " + launched.process().exitValue()
          : "its process says no more";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "this node stops";
    }
  }
}
