#include "tool-runner/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

namespace vw::tools {

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(separator, start), text.size());
    pieces.push_back(trimmed(text.substr(start, end - start)));
    start = end + 1;
  }
  return pieces;
}

std::vector<std::string> lines_of(std::string_view text) {
  auto lines = split(text, '\n');
  std::erase(lines, "");
  return lines;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string first_line(std::string_view text) {
  constexpr std::size_t most_bytes = 300;
  const auto lines = lines_of(text);
  if (lines.empty()) return "";
  auto line = without_colours(lines.front()).substr(0, most_bytes);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c < 0; }, '?');
  return line;
}

std::string without_colours(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      plain += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '[') ++i;
    while (i + 1 < text.size() && !std::isalpha(static_cast<unsigned char>(text[i + 1]))) ++i;
    ++i;
  }
  return plain;
}

std::optional<double> number_of(std::string_view text) {
  const auto plain = trimmed(text);
  double value = 0;
  const auto* end = plain.data() + plain.size();
  const auto [stop, error] = std::from_chars(plain.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

bool contains(std::string_view text, std::string_view wanted) { return text.find(wanted) != std::string_view::npos; }

namespace {

Json parsed(std::string_view text) {
  constexpr int most_depth = 32;
  const auto shallow = [](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    if (depth > most_depth) throw std::length_error("nested too deep");
    return true;
  };
  try {
    return Json::parse(text, shallow);
  } catch (const std::exception&) {
    return Json(Json::value_t::discarded);
  }
}

}  // namespace

std::optional<Json> json_in(std::string_view text) {
  constexpr int most_tries = 20;
  std::size_t start = 0;
  for (int tries = 0; start < text.size() && tries < most_tries;) {
    if ((text[start] == '{' || text[start] == '[') && ++tries > 0)
      if (auto value = parsed(text.substr(start)); !value.is_discarded()) return value;
    const auto end = text.find('\n', start);
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  return std::nullopt;
}

double timeout_s(const Json& request) {
  constexpr double usual_s = 10, longest_s = 3600;
  const auto found = request.find("timeout_s");
  if (found == request.end() || !found->is_number()) return usual_s;
  const auto value = found->get<double>();
  return value > 0 && value <= longest_s ? value : usual_s;
}

}  // namespace vw::tools
