// base: words. Quoting, joining, and "did you mean" wherever a name is looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vw {

std::string quote(std::string_view text);  // 'text', made printable: words that messages echo go through here
std::string lower(std::string_view text);  // ASCII
std::string trimmed(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);  // keeps empty pieces
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
// "a", "a or b", "a, b or c"; the pieces as they are.
std::string join_or(const std::vector<std::string>& pieces);

// Restricted Damerau-Levenshtein distance over bytes, case folded.
std::size_t edit_distance(std::string_view left, std::string_view right);
// The names near enough to be meant, best first, at most `most`; empty when nothing is near. A name that has `word`
// as a prefix counts as near.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& names, std::size_t most = 3);
// "did you mean 'x'?" / "did you mean 'x' or 'y'?", empty when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

// One word for a POSIX shell: unchanged when it is plain, else single-quoted.
std::string shell_quoted(std::string_view word);

// True when `id` is kebab-case: [a-z0-9]+ pieces joined by '-', '.' or '_' allowed inside (ids like fp8_e4m3, 0.21.0).
bool is_id(std::string_view id);
// "line 3 column 7" of a byte in a text: both from 1, columns in characters. An offset past the end means the end.
std::string line_and_column(std::string_view text, std::size_t offset);

// The bytes at the front that are well-formed UTF-8; the whole text when it is.
std::size_t utf8_prefix_bytes(std::string_view text);
// True when all of it is.
bool is_utf8(std::string_view text);
// Makes any bytes printable: control characters and malformed UTF-8 become '?'. For messages that echo input.
std::string printable(std::string_view text, std::size_t most_bytes = 200);

}  // namespace vw
