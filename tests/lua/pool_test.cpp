#include "lua/pool.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

using vw::lua::Pool;

TEST_CASE("blocks keep their content and overlap none, whatever is asked for and given back", "[lua]") {
  struct Block {
    unsigned char* at;
    std::size_t bytes;
    unsigned char mark;
  };
  Pool pool;
  std::mt19937 random(7);
  const auto some_size = [&] { return 1 + random() % (random() % 4 == 0 ? 3000 : 120); };
  const auto is_whole = [](const Block& block) {
    for (std::size_t i = 0; i < block.bytes; ++i)
      if (block.at[i] != block.mark) return false;
    return true;
  };
  std::vector<Block> blocks;
  for (int step = 0; step < 20000; ++step) {
    const auto mark = static_cast<unsigned char>(step);
    const unsigned action = random() % 3;
    if (blocks.empty() || action == 0) {
      const std::size_t bytes = some_size();
      blocks.push_back({static_cast<unsigned char*>(pool.allocate(bytes)), bytes, mark});
      REQUIRE(reinterpret_cast<std::uintptr_t>(blocks.back().at) % alignof(std::max_align_t) == 0);
      std::memset(blocks.back().at, mark, bytes);
      continue;
    }
    Block& block = blocks[random() % blocks.size()];
    REQUIRE(is_whole(block));
    if (action == 1) {
      const std::size_t bytes = some_size(), kept = std::min(bytes, block.bytes);
      block.at = static_cast<unsigned char*>(pool.resize(block.at, block.bytes, bytes));
      block.bytes = kept;
      REQUIRE(is_whole(block));
      block = {block.at, bytes, mark};
      std::memset(block.at, mark, bytes);
    } else {
      pool.release(block.at, block.bytes);
      block = blocks.back();
      blocks.pop_back();
    }
  }
  for (const Block& block : blocks) REQUIRE(is_whole(block));
}
