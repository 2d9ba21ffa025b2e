#include "topology.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace vw::nvidia {

namespace {

using tools::Json;

// "GPU3" -> 3; -1 for anything else.
int gpu_number(const std::string& word) {
  if (!word.starts_with("GPU") || word.size() < 4 || word.size() > 7) return -1;
  const auto number = tools::number_of(word.substr(3));
  return number && *number == std::floor(*number) ? static_cast<int>(*number) : -1;
}

// The legend of the matrix: NV# is NVLink; the others are PCIe paths, from one switch to across sockets.
std::string kind_of(const std::string& cell) {
  if (cell.starts_with("NV") && cell.size() > 2) return "nvlink";
  for (const char* path : {"PIX", "PXB", "PHB", "NODE", "SYS", "SOC"})
    if (cell == path) return "pcie";
  return "unknown";
}

// The GPUs that head the columns, -1 for network cards; empty when this line is no head.
std::vector<int> read_head(const std::vector<std::string>& words) {
  std::vector<int> columns;
  if (words.empty() || gpu_number(words[0]) < 0 || (words.size() > 1 && words[1] == "X")) return columns;
  for (const auto& word : words) {
    if (word == "CPU") break;
    columns.push_back(gpu_number(word));
  }
  return columns;
}

void add_row(const std::vector<std::string>& words, const std::vector<int>& columns, Json& links) {
  const int a = gpu_number(words.front());
  for (std::size_t i = 0; i < columns.size() && i + 1 < words.size(); ++i) {
    const int b = columns[i];
    if (a >= 0 && b > a)
      links.push_back({{"a", a}, {"b", b}, {"kind", kind_of(words[i + 1])}, {"detail", words[i + 1]}});
  }
}

}  // namespace

Json read_topology(std::string_view text) {
  Json links = Json::array();
  std::vector<int> columns;
  for (const auto& line : tools::lines_of(tools::without_colours(text))) {
    const auto words = tools::words_of(line);
    if (columns.empty())
      columns = read_head(words);
    else if (gpu_number(words.front()) >= 0)
      add_row(words, columns, links);
  }
  return links;
}

}  // namespace vw::nvidia
