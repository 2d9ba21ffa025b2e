#include "mig.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace vw::nvidia {

namespace {

using tools::Json;

struct Memory {
  long long used_mib = 0, total_mib = 0;
};
using SliceKey = std::pair<long long, long long>;  // index of the card, number of the slice on it

long long mib_of(const std::string& text) {
  const auto number = text.ends_with("MiB") ? tools::number_of(text.substr(0, text.size() - 3)) : std::nullopt;
  return number && *number < 1e9 ? std::llround(*number) : -1;
}

// Rows such as: |  0    1   0   0  |    37MiB / 40192MiB   | 60   0 |  3   0    3    0    3 |
std::map<SliceKey, Memory> read_table(std::string_view table) {
  std::map<SliceKey, Memory> sizes;
  for (const auto& line : tools::lines_of(table)) {
    const auto cells = tools::split(line, '|');
    if (cells.size() < 4) continue;
    const auto ids = tools::words_of(cells[1]), memory = tools::words_of(cells[2]);
    if (ids.size() != 4 || memory.size() != 3 || memory[1] != "/") continue;
    const auto gpu = tools::number_of(ids[0]), device = tools::number_of(ids[3]);
    const Memory size{mib_of(memory[0]), mib_of(memory[2])};
    if (gpu && device && size.used_mib >= 0 && size.total_mib > 0)
      sizes[{std::llround(*gpu), std::llround(*device)}] = size;
  }
  return sizes;
}

// "1c.3g.20gb+me" -> 20 GiB: the profile's name rounds up, so this serves only when the table is missing.
long long nominal_mib(const std::string& profile) {
  const auto end = profile.find("gb");
  const auto start = end == std::string::npos ? end : profile.rfind('.', end);
  const auto gib =
      start == std::string::npos ? std::nullopt : tools::number_of(profile.substr(start + 1, end - start - 1));
  return gib && *gib < 1e6 ? std::llround(*gib * 1024) : 0;
}

// "  MIG 3g.20gb     Device  0: (UUID: MIG-c7384736-a75d-5afc-978f-d2f1294409fd)"
Json slice_of(const std::vector<std::string>& words) {
  Json slice = {{"profile", words[1]}, {"vram_mib", nominal_mib(words[1])}, {"vram_basis", "profile"}};
  if (words.size() > 5 && words[4] == "(UUID:") slice["uuid"] = words[5].substr(0, words[5].find(')'));
  return slice;
}

// "0:" or "GPU 0:"
long long number_before_colon(const std::string& word) {
  const auto number = tools::number_of(word.substr(0, word.find(':')));
  return number && *number < 1e6 ? std::llround(*number) : -1;
}

Json* find_card(std::vector<Json>& gpus, long long index) {
  const auto found =
      std::find_if(gpus.begin(), gpus.end(), [&](const Json& gpu) { return gpu.value("index", -1LL) == index; });
  return found == gpus.end() ? nullptr : &*found;
}

}  // namespace

void add_mig_slices(std::string_view listing, std::string_view table, std::vector<Json>& gpus) {
  const auto sizes = read_table(table);
  long long index = -1;
  for (const auto& line : tools::lines_of(listing)) {
    const auto words = tools::words_of(line);
    if (words.size() > 1 && words[0] == "GPU") index = number_before_colon(words[1]);
    if (words.size() < 4 || words[0] != "MIG" || words[2] != "Device") continue;
    auto slice = slice_of(words);
    if (const auto size = sizes.find({index, number_before_colon(words[3])}); size != sizes.end()) {
      slice["vram_mib"] = size->second.total_mib;
      slice["vram_used_mib"] = size->second.used_mib;
      slice.erase("vram_basis");
    }
    if (Json* gpu = find_card(gpus, index)) (*gpu)["mig_slices"].push_back(std::move(slice));
  }
}

}  // namespace vw::nvidia
