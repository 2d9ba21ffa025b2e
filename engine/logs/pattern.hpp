// logs: messages of vLLM as patterns that people can read: "Model loading took {f:weights_gib} GiB and {f} seconds".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vw {

// What one line told: numbers and words by the names that the pattern gives them.
struct Told {
  std::vector<std::pair<std::string, double>> numbers;
  std::vector<std::pair<std::string, std::string>> words;
};

// {f} a number; {n} one with commas between thousands; {b} a number with its unit (GiB, MiB, KiB, bytes, GB, MB), noted
// in GiB; {w} everything up to a blank; {s} everything up to the text behind it, may be empty, the rest of the line at
// the end. A name behind a colon notes the value. Matches in one walk from left to right: time is linear in the line.
class Pattern {
 public:
  // Begins with at least least_text bytes of text, by which it is looked for. Throws vw::Error at `where`.
  Pattern(const std::string& text, const std::string& where);

  // The text it begins with.
  const std::string& anchor() const noexcept { return anchor_; }
  const std::string& text() const noexcept { return text_; }
  std::vector<std::string> names() const;  // of all values that it notes
  // `from`: a place of the line where the anchor stands. False when the rest differs; `told` is then as before.
  bool match(std::string_view line, std::size_t from, Told& told) const;

  static constexpr std::size_t least_text = 4;

 private:
  struct Piece {
    char kind = 0;     // of the value, 0: none
    std::string name;  // empty: not noted
    std::string text;  // behind the value
  };
  void add_value(std::string_view inside, const std::string& where);

  std::string text_, anchor_;
  std::vector<Piece> pieces_;
};

// Finds the anchors of many patterns in one walk over a line, most of which it never looks at (Wu and Manber).
class PatternIndex {
 public:
  explicit PatternIndex(const std::vector<const Pattern*>& patterns);

  // Calls found(index of the pattern, where its anchor begins) in the order of the line.
  template <class Found>
  void scan(std::string_view line, const Found& found) const {
    if (window_ == 0) return;
    for (std::size_t end = window_; end <= line.size();) {
      const std::size_t block = block_at(line.data() + end - block_bytes);
      if (const std::size_t shift = shifts_[block]; shift > 0) {
        end += shift;
        continue;
      }
      const std::size_t begin = end - window_;
      for (const std::uint32_t index : by_block_[block])
        if (line.substr(begin, anchors_[index].size()) == anchors_[index]) found(index, begin);
      ++end;
    }
  }

 private:
  static constexpr std::size_t block_bytes = 3, blocks = 1 << 14;
  static std::size_t block_at(const char* at) {
    const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])); };
    return ((byte(0) << 16 | byte(1) << 8 | byte(2)) * 2654435761u) >> 18;
  }

  std::size_t window_ = 0;  // bytes of the shortest anchor
  std::vector<std::string> anchors_;
  std::vector<std::size_t> shifts_;
  std::vector<std::vector<std::uint32_t>> by_block_;
};

}  // namespace vw
