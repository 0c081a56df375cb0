package dev.lanyard.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Waiting for a denial")
class NewsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path folder;

  @Test
  void ends_with_the_denial_or_with_the_node_and_not_before() throws Exception {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      var news = News.of(DenySet.following(pair.database));
      long seen = news.count();
      assertThat(news.await(seen, Duration.ofMillis(1))).isFalse();
      var waiting = CompletableFuture.supplyAsync(() -> await(news, seen));

      pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);

      assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
      pair.awaitChanges();
      long later = news.count();
      var held = CompletableFuture.supplyAsync(() -> await(news, later));
      news.close();
      assertThat(held.get(20, TimeUnit.SECONDS)).isFalse();
    }
  }

  private static boolean await(News news, long seen) {
    try {
      return news.await(seen, LONG);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
