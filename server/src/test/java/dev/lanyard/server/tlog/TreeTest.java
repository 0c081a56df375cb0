package dev.lanyard.server.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-5, RFC 6962 §2.1 and tlog-tiles: the Merkle tree")
class TreeTest {
  private static final HexFormat HEX = HexFormat.of();

  /// The leaves and roots with which implementations of Certificate Transparency are tested.
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  /// The tiles that a log has written, the newest of each place.
  private static final class Shelf implements Tiles {
    private final Map<String, Tile> tiles = new HashMap<>();
    private long size;

    void grow(List<Hash> leaves) {
      var growth = Growth.of(size, this);
      leaves.forEach(growth::append);
      growth.changed().forEach(tile -> tiles.put(Tile.path(tile.level(), tile.number()), tile));
      size = growth.size();
    }

    @Override
    public Optional<Tile> find(int level, long number) {
      return Optional.ofNullable(tiles.get(Tile.path(level, number)));
    }
  }

  private static Hash leaf(int number) {
    return Hash.leaf(("leaf " + number).getBytes(StandardCharsets.UTF_8));
  }

  private static List<Hash> leaves(int from, int to) {
    var leaves = new ArrayList<Hash>();
    for (int i = from; i < to; i++) {
      leaves.add(leaf(i));
    }
    return leaves;
  }

  /// The definition, word by word.
  private static Hash definition(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.EMPTY;
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    return Hash.node(
        definition(leaves.subList(0, k)), definition(leaves.subList(k, leaves.size())));
  }

  @Test
  @DisplayName("Roots are those of the published test vectors")
  void published_roots() {
    var shelf = new Shelf();
    assertThat(HEX.formatHex(Tree.of(0, shelf).root().bytes())).isEqualTo(ROOTS.getFirst());
    for (int size = 1; size <= LEAVES.size(); size++) {
      shelf.grow(List.of(Hash.leaf(HEX.parseHex(LEAVES.get(size - 1)))));

      assertThat(HEX.formatHex(Tree.of(size, shelf).root().bytes())).isEqualTo(ROOTS.get(size));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 255, 256, 257})
  @DisplayName("A tree that grows in steps of any size has the root of the definition")
  void growth(int step) {
    var shelf = new Shelf();
    for (int size = 0; size < 1_400; size += step) {
      var growth = Growth.of(size, shelf);
      leaves(size, size + step).forEach(growth::append);
      shelf.grow(leaves(size, size + step));

      assertThat(growth.root()).isEqualTo(Tree.of(size + step, shelf).root());
    }
    assertThat(Tree.of(1_023, shelf).root()).isEqualTo(definition(leaves(0, 1_023)));
    assertThat(Tree.of(shelf.size, shelf).root())
        .isEqualTo(definition(leaves(0, (int) shelf.size)));
  }

  @Test
  @DisplayName("tlog-tiles: 70,000 leaves are in the tiles of the specification's example")
  void tiles_of_the_example() {
    var shelf = new Shelf();
    shelf.grow(leaves(0, 70_000));

    assertThat(shelf.tiles).hasSize(273 + 1 + 1 + 1 + 1);
    assertThat(shelf.tiles.get(Tile.path(0, 273)).path()).isEqualTo("tile/0/273.p/112");
    assertThat(shelf.tiles.get(Tile.path(1, 0)).path()).isEqualTo("tile/1/000");
    assertThat(shelf.tiles.get(Tile.path(1, 1)).path()).isEqualTo("tile/1/001.p/17");
    assertThat(shelf.tiles.get(Tile.path(2, 0)).path()).isEqualTo("tile/2/000.p/1");
    assertThat(Tile.path(0, 1_234_067)).isEqualTo("tile/0/x001/x234/067");
    assertThat(Tile.width(0, 273, 70_000)).isEqualTo(112);
    assertThat(Tile.width(0, 274, 70_000)).isZero();
    assertThat(Tile.of(1, 1, shelf.tiles.get(Tile.path(1, 1)).octets()))
        .isEqualTo(shelf.tiles.get(Tile.path(1, 1)));
  }

  @Test
  @DisplayName("Every leaf of every tree is proved to be in it, and no other is")
  void inclusion() {
    var shelf = new Shelf();
    shelf.grow(leaves(0, 600));
    for (int size : List.of(1, 2, 3, 7, 8, 33, 255, 256, 257, 511, 513, 600)) {
      var tree = Tree.of(size, shelf);
      var root = tree.root();
      for (int index = 0; index < size; index++) {
        var path = tree.inclusion(index);

        assertThat(Proof.includes(root, size, leaf(index), index, path)).isTrue();
        assertThat(Proof.includes(root, size, leaf(index + 1), index, path)).isFalse();
        assertThat(Proof.includes(root, size, leaf(index), index + 1, path)).isFalse();
        assertThat(Proof.includes(leaf(0), size + 1, leaf(index), index, path)).isFalse();
      }
    }
  }

  @Test
  @DisplayName("Every tree is proved to be the beginning of every larger one, and a fork is not")
  void consistency() {
    var shelf = new Shelf();
    shelf.grow(leaves(0, 300));
    var fork = new Shelf();
    fork.grow(leaves(1, 301));
    for (int size : List.of(1, 2, 3, 6, 7, 8, 64, 65, 255, 256, 257, 300)) {
      var tree = Tree.of(size, shelf);
      for (int old = 1; old <= size; old++) {
        var path = tree.consistency(old);
        var oldRoot = Tree.of(old, shelf).root();

        assertThat(ConsistencyProof.extend(oldRoot, old, tree.root(), size, path)).isTrue();
        assertThat(ConsistencyProof.extend(Tree.of(old, fork).root(), old, tree.root(), size, path))
            .isFalse();
        assertThat(ConsistencyProof.extend(oldRoot, old, Tree.of(size, fork).root(), size, path))
            .isFalse();
        assertThat(ConsistencyProof.extend(oldRoot, old + 1, tree.root(), size, path)).isFalse();
      }
    }
    assertThat(ConsistencyProof.extend(Hash.EMPTY, 0, leaf(1), 1, List.of())).isTrue();
    assertThat(ConsistencyProof.extend(leaf(1), 0, leaf(1), 1, List.of())).isFalse();
  }

  @Test
  @DisplayName("A tile that is missing or too short is named, and nothing is computed without it")
  void missing() {
    var shelf = new Shelf();
    shelf.grow(leaves(0, 600));
    shelf.tiles.remove(Tile.path(0, 2));

    assertThatThrownBy(() -> Tree.of(600, shelf).root())
        .isInstanceOf(Tree.MissingTileException.class)
        .hasMessageContaining("tile/0/002");
    assertThatThrownBy(() -> Growth.of(600, shelf)).isInstanceOf(Tree.MissingTileException.class);
    assertThat(Tree.of(512, shelf).root()).isEqualTo(definition(leaves(0, 512)));
    assertThatThrownBy(() -> Tree.of(512, shelf).inclusion(512))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tree.of(512, shelf).consistency(513))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
