#include "query.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>

namespace vw::nvidia {

namespace {

using Row = std::map<std::string, std::string>;  // field -> what was printed

const std::string tool = "nvidia-smi";

const std::vector<std::string> all_fields{"index",       "name",           "uuid",        "memory.total",
                                          "memory.used", "driver_version", "compute_cap", "mig.mode.current"};

// What changes while a card works, in one quick call.
const std::vector<std::string> usage_fields{"index", "name", "memory.total", "memory.used", "utilization.gpu"};

bool is_needed(const std::string& field) { return field == "index" || field == "name"; }

tools::ToolResult run_query(const std::vector<std::string>& fields, const tools::Deadline& deadline) {
  std::string list;
  for (const auto& field : fields) list += (list.empty() ? "" : ",") + field;
  return tools::run_tool({tool, "--query-gpu=" + list, "--format=csv,noheader,nounits"}, deadline);
}

// The field of: Field "compute_cap" is not a valid field to query.
std::string refused_field(const tools::ToolResult& result) {
  const std::string text = result.output + result.errors, before = "Field \"", after = "\" is not a valid field";
  const auto end = text.find(after);
  const auto start = end == std::string::npos ? end : text.rfind(before, end);
  return start == std::string::npos ? "" : text.substr(start + before.size(), end - start - before.size());
}

// "[N/A]", "[Not Supported]", "[Insufficient Permissions]", "N/A": no value.
bool is_value(const std::string& text) { return !text.empty() && text.front() != '[' && text != "N/A"; }

// Why there is no value: the driver knows of none, rather than hiding or having lost it.
bool has_none(const std::string& text) { return text == "[N/A]" || text == "N/A" || text == "[Not Supported]"; }

std::optional<long long> whole_mib(std::string text) {
  if (text.ends_with(" MiB")) text.resize(text.size() - 4);
  const auto value = is_value(text) ? tools::number_of(text) : std::nullopt;
  constexpr double most_mib = 1e9;
  return value && *value <= most_mib ? std::optional(std::llround(*value)) : std::nullopt;
}

struct SystemMemory {
  long long total_mib = 0, available_mib = 0;
};

SystemMemory system_memory() {
  SystemMemory memory;
  std::ifstream file("/proc/meminfo");
  long long kib = 0;
  for (std::string name, unit; file >> name >> kib && std::getline(file, unit);) {
    if (name == "MemTotal:") memory.total_mib = kib / 1024;
    if (name == "MemAvailable:") memory.available_mib = kib / 1024;
  }
  return memory;
}

// GB10 and Jetson have no memory of their own: the driver prints [N/A], CUDA uses the machine's.
void add_unified_memory(Json& gpu) {
  const auto memory = system_memory();
  gpu["unified_memory"] = true;
  gpu["vram_basis"] = "/proc/meminfo";
  gpu["vram_mib"] = memory.total_mib;
  gpu["vram_used_mib"] = memory.total_mib - memory.available_mib;
  gpu["vram_free_mib"] = memory.available_mib;
}

void add_memory(const Row& row, Json& gpu) {
  const auto text = [&](const char* field) { return row.contains(field) ? row.at(field) : std::string(); };
  const auto total = whole_mib(text("memory.total")), used = whole_mib(text("memory.used"));
  if (!total && has_none(text("memory.total"))) return add_unified_memory(gpu);
  gpu["vram_mib"] = total ? Json(*total) : Json();
  gpu["vram_used_mib"] = used ? Json(*used) : Json();
  if (!total) gpu["problem"] = "memory.total is " + (text("memory.total").empty() ? "not known" : text("memory.total"));
}

Json card_of(const Row& row) {
  Json gpu = {{"name", row.at("name")}};
  const auto index = tools::number_of(row.at("index"));
  if (index) gpu["index"] = std::llround(*index);
  add_memory(row, gpu);
  for (const auto& [field, value] : row) {
    if (!is_value(value)) continue;
    if (field == "uuid" || field == "driver_version") gpu[field] = value;
    if (field == "compute_cap")
      if (const auto number = tools::number_of(value)) gpu["compute_capability"] = *number;
    if (field == "utilization.gpu")
      if (const auto percent = tools::number_of(value); percent && *percent <= 100) gpu["busy_ratio"] = *percent / 100;
    if (field == "mig.mode.current") gpu["mig_mode"] = value == "Enabled" ? "enabled" : "disabled";
  }
  return gpu;
}

Cards failed(const std::string& message) { return {"failed", message, {}}; }

Cards read_rows(const tools::ToolResult& result, const std::vector<std::string>& fields) {
  Cards cards{"ok", "", {}};
  for (const auto& line : tools::lines_of(result.output)) {
    const auto values = tools::split(line, ',');
    if (values.size() != fields.size() || !tools::number_of(values.front()))
      return failed("unexpected output of nvidia-smi: '" + tools::first_line(line) + "', expected " +
                    std::to_string(fields.size()) + " values with an index first");
    Row row;
    for (std::size_t i = 0; i < fields.size(); ++i) row[fields[i]] = values[i];
    cards.gpus.push_back(card_of(row));
  }
  if (cards.gpus.empty()) return {"no-gpu", "nvidia-smi lists no devices", {}};
  return cards;
}

Cards query(std::vector<std::string> fields, const tools::Deadline& deadline) {
  auto result = run_query(fields, deadline);
  for (auto refused = refused_field(result); !refused.empty(); refused = refused_field(result)) {
    const auto erased = is_needed(refused) ? 0 : std::erase(fields, refused);
    if (erased == 0) return failed(tools::reason_of(result, tool, deadline));
    result = run_query(fields, deadline);
  }
  if (result.end == tools::ToolResult::End::not_found) return {"absent", tools::reason_of(result, tool, deadline), {}};
  const std::string no_devices = "No devices were found";
  if (tools::contains(result.output + result.errors, no_devices)) return {"no-gpu", no_devices, {}};
  if (!result.succeeded()) return failed(tools::reason_of(result, tool, deadline));
  return read_rows(result, fields);
}

}  // namespace

Cards query_cards(const tools::Deadline& deadline) { return query(all_fields, deadline); }
Cards query_usage(const tools::Deadline& deadline) { return query(usage_fields, deadline); }

}  // namespace vw::nvidia
