package dev.lanyard.server.gateway.admission;

import dev.lanyard.resourceserver.OpenStreams;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.library.Tool;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One admitted request from the judgement to the last byte of its answer: it holds a place, and is
/// cut off wherever it is when its token dies (RS-24), or what it has shown upstream is taken back.
/// Thread-safe.
///
/// It has no lock, since nobody may wait for it. Whoever joins it (what was sent, who reads, who
/// watches, a part, a listener) writes that down first and then looks whether it has ended; whoever
/// ends it (cut, cancelled, over) sets that first and then looks who has joined. So of the two the
/// one that is later sees the other, and nobody is missed. Both may see each other: what is done to
/// who has joined must bear to be done twice.
public final class Passage implements OpenStreams.Cut {
  private static final String WHY = "the access token counts no more";
  private static final String WITHDRAWN = "the account upstream was taken back";
  private static final String LATE = "the answer did not end in time";

  private final CallLimits.Place place;
  private final Consumer<Passage> onEnd;
  private final Consumer<String> onBroken;
  private final AtomicBoolean broken = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();

  /// How many there are for whom it has its place: itself, and what goes on after it.
  private final AtomicInteger inPlace = new AtomicInteger(1);

  private volatile boolean cut;
  private volatile boolean withdrawn;
  private volatile @Nullable String grant;
  private volatile boolean cancelled;

  // Who has joined.
  private final Set<Passage> carried = ConcurrentHashMap.newKeySet();
  private final Queue<Runnable> atEnd = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Consumer<String> giveUp;
  private volatile BodySource.@Nullable Listener listener;
  private volatile OpenStreams.@Nullable Open watch;

  private volatile boolean passing;
  private volatile Optional<String> lastEvent = Optional.empty();
  private volatile Optional<Deadline> deadline = Optional.empty();
  private volatile @Nullable Passage whole;

  /// @param onEnd called once when it is over
  /// @param onBroken told once, by what the server has done, if what is passed on will never be
  ///   complete; must not wait
  Passage(CallLimits.Place place, Consumer<Passage> onEnd, Consumer<String> onBroken) {
    this.place = place;
    this.onEnd = onEnd;
    this.onBroken = onBroken;
  }

  /// Whether a call of a tool may be under way with it, beside those that are; until it is over.
  public boolean takesCall(Tool tool) {
    return place.takesCall(tool);
  }

  /// When it must have ended, by the clock of `System.nanoTime`.
  private record Deadline(long nanos) {
    static Deadline in(Duration time) {
      return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isPast() {
      return System.nanoTime() - nanos > 0;
    }
  }

  /// It is watched from now on.
  void watchedBy(OpenStreams.Open by) {
    watch = by;
    if (over.get()) {
      by.close();
    }
  }

  /// Another one is a part of it from now on, and is cut off with it.
  void carries(Passage part) {
    carried.add(part);
    part.whole = this;
    if (cut) {
      part.now();
    }
    if (over.get()) {
      part.abandoned();
    }
  }

  /// It has been sent upstream.
  ///
  /// @param upstream gives up what was sent, by why; must bear to be told twice
  public void sent(Consumer<String> upstream) {
    giveUp = upstream;
    if (cut || cancelled || over.get()) {
      upstream.accept(why());
    }
  }

  /// Whether its token has died meanwhile, or what it has shown upstream was taken back.
  public boolean isCut() {
    return cut;
  }

  /// What it shows upstream, by the name under which that is taken back.
  public void shows(String name) {
    grant = name;
  }

  /// Whether it shows one of these.
  boolean isShowing(Set<String> grants) {
    var mine = grant;
    return mine != null && grants.contains(mine);
  }

  /// What it shows was taken back. May wait, for the record of its end.
  public void withdrawn() {
    withdrawn = true;
    now();
  }

  /// Whether it is cut off because what it has shown upstream was taken back.
  public boolean isWithdrawn() {
    return withdrawn;
  }

  private String why() {
    return withdrawn ? WITHDRAWN : WHY;
  }

  /// Whether nobody waits for what comes of it any more.
  public boolean isUnwanted() {
    return cut || cancelled || over.get();
  }

  /// Somebody is told once when it is over, and at once if it is.
  public void atEnd(Runnable listener) {
    atEnd.add(listener);
    if (over.get()) {
      tellEnd();
    }
  }

  private void tellEnd() {
    for (var next = atEnd.poll(); next != null; next = atEnd.poll()) {
      next.run();
    }
  }

  /// Its client has taken the request back: what waits, or is streamed, ends without an answer. An
  /// answer that is on its way goes on.
  public void cancelled() {
    cancelled = true;
    var upstream = giveUp;
    if (upstream != null && !passing) {
      upstream.accept("its client has taken it back");
    }
    var reader = listener;
    if (reader != null) {
      reader.wake();
    }
  }

  /// Its client could resume behind this event.
  public void resumableBehind(String event) {
    lastEvent = Optional.of(event);
  }

  /// Behind which event its client would resume; empty if it cannot.
  public Optional<String> lastEvent() {
    return lastEvent;
  }

  /// Whether its client has taken the request back.
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void now() {
    if (over.get()) {
      return;
    }
    cut = true;
    carried.forEach(Passage::now);
    var upstream = giveUp;
    if (upstream != null) {
      upstream.accept(why());
    }
    var reader = listener;
    if (reader != null) {
      reader.cut(why());
    }
  }

  /// What is passed on will never be complete, and nobody here has ended it. What breaks in a part
  /// was told of there.
  public void broke(String why) {
    boolean isOurs = isUnwanted() || carried.stream().anyMatch(part -> part.broken.get());
    if (!isOurs && broken.compareAndSet(false, true)) {
      onBroken.accept(why);
    }
  }

  /// Its answer is known: either it is being passed on and ends by itself, or it is over.
  void answered() {
    if (!passing) {
      ended();
    }
  }

  /// A fault of ours, or the end of the whole: whatever is under way upstream has no reader any
  /// more.
  void abandoned() {
    var upstream = giveUp;
    if (upstream != null) {
      upstream.accept("nobody reads it any more");
    }
    ended();
  }

  private void ended() {
    if (over.compareAndSet(false, true)) {
      left();
      // What somebody has forgotten to end would hold its place for ever.
      carried.forEach(Passage::abandoned);
      var of = whole;
      if (of != null) {
        of.carried.remove(this);
      }
      var by = watch;
      if (by != null) {
        by.close();
      }
      tellEnd();
      onEnd.accept(this);
    }
  }

  private void left() {
    if (inPlace.decrementAndGet() == 0) {
      place.leave();
    }
  }

  /// Something of it may go on when it is over, and keeps its place until then: whoever hangs up
  /// must not have more under way than they may. To be called before it is over.
  ///
  /// @return to be run once, when that has ended
  public Runnable outlived() {
    inPlace.incrementAndGet();
    return this::left;
  }

  /// A stream that is passed on under its eyes. It may go on as long as its token lives.
  public BodySource stream(BodySource body) {
    passing = true;
    return new Watched(body, Long.MAX_VALUE, true);
  }

  /// An answer that is passed on under its eyes, and must come to an end.
  ///
  /// @param most bytes
  /// @param within so long
  public BodySource answer(BodySource body, long most, Duration within) {
    deadline = Optional.of(Deadline.in(within));
    passing = true;
    return new Watched(body, most, false);
  }

  /// Has somebody look whether there is something to say, or nothing for too long.
  void tick() {
    var reader = listener;
    if (reader == null || over.get()) {
      return;
    }
    if (deadline.filter(Deadline::isPast).isPresent()) {
      broke(LATE);
      reader.cut(LATE);
    } else {
      reader.wake();
    }
  }

  private final class Watched implements BodySource {
    private final BodySource body;
    private final long most;
    private final boolean endsAnywhere;
    private long passed;

    /// @param endsAnywhere whether its reader can tell what is missing if it ends between two
    ///   pieces
    Watched(BodySource body, long most, boolean endsAnywhere) {
      this.body = body;
      this.most = most;
      this.endsAnywhere = endsAnywhere;
    }

    @Override
    public void opened(Listener reader) {
      body.opened(reader);
      listener = reader;
      if (cut) {
        reader.cut(why());
      }
    }

    @Override
    public Piece next() {
      if (cancelled && endsAnywhere) {
        return new Piece.End();
      }
      var piece = bounded(body.next());
      if (piece instanceof Piece.Broken(var why)) {
        broke(why);
      }
      return piece;
    }

    private Piece bounded(Piece piece) {
      if (piece instanceof Piece.Some(var bytes)) {
        passed += bytes.remaining();
        if (passed > most) {
          return new Piece.Broken("the answer is larger than " + most + " bytes");
        }
      }
      return piece;
    }

    @Override
    public void closed() {
      try {
        body.closed();
      } finally {
        ended();
      }
    }
  }
}
