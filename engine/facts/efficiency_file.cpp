// One file of gpu-db/efficiency: what it may say, and what of it heuristics need.
#include "facts/efficiency.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace vw {
namespace {

struct Field {
  std::string_view key;
  enum class Type { text, number, flag } type = Type::number;
  bool is_required = false;
  double most = 0, least = 0;
  bool is_of_fit = false;  // says how good the record is; no heuristic reads it
};

constexpr Field text_of(std::string_view key, bool is_required = true) { return {key, Field::Type::text, is_required}; }
constexpr Field needed(std::string_view key, double least, double most) {
  return {key, Field::Type::number, true, most, least};
}
constexpr Field number_to(std::string_view key, double most) { return {key, Field::Type::number, false, most}; }
constexpr Field of_fit(std::string_view key, double most) { return {key, Field::Type::number, false, most, 0, true}; }

constexpr double least_share = 0.001, most_share = 200, most_us = 1e4, most_ns = 1e6, most_bytes = 1000,
                 most_rows = 1e9;
constexpr Field rows = of_fit("rows", most_rows), median = of_fit("error_median_percent", 1000),
                p90 = of_fit("error_p90_percent", 1000), launch = needed("launch_us", 0, most_us),
                memory = needed("memory_share", least_share, most_share),
                compute = needed("compute_share", least_share, most_share), weight = needed("weight_bytes", 0.01, 8),
                vllm = text_of("vllm"), sqrt = number_to("sqrt_context_ns", most_ns);

constexpr Field gemm_fields[] = {text_of("format"),
                                 text_of("peak"),
                                 vllm,
                                 launch,
                                 memory,
                                 compute,
                                 needed("blend", 1, 10),
                                 number_to("input_bytes", most_bytes),
                                 number_to("output_bytes", most_bytes),
                                 weight,
                                 rows,
                                 median,
                                 p90};
constexpr Field experts_fields[] = {text_of("format"),
                                    text_of("peak"),
                                    vllm,
                                    launch,
                                    memory,
                                    compute,
                                    weight,
                                    number_to("activation_bytes", most_bytes),
                                    number_to("pad_rows", 1000),
                                    number_to("imbalance", 1),
                                    {"kernel", Field::Type::text, false, 0, 0, true},
                                    rows,
                                    median,
                                    p90};
constexpr Field decode_fields[] = {text_of("kv"),
                                   vllm,
                                   needed("head_dim", 1, 4096),
                                   number_to("window_tokens", 1e6),
                                   launch,
                                   memory,
                                   number_to("sequence_head_ns", most_ns),
                                   sqrt,
                                   rows,
                                   median,
                                   p90};
constexpr Field prefill_fields[] = {text_of("kv"),
                                    vllm,
                                    needed("head_dim", 1, 4096),
                                    number_to("window_tokens", 1e6),
                                    launch,
                                    memory,
                                    compute,
                                    number_to("half_length_tokens", 1e6),
                                    rows,
                                    median,
                                    p90};
constexpr Field latent_fields[] = {text_of("kv"),
                                   text_of("format"),
                                   vllm,
                                   {"unfused", Field::Type::flag},
                                   launch,
                                   memory,
                                   compute,
                                   needed("attention_compute_share", least_share, most_share),
                                   number_to("kv_memory_share", most_share),
                                   number_to("sequence_ns", most_ns),
                                   sqrt,
                                   number_to("activation_bytes", most_bytes),
                                   weight,
                                   rows,
                                   median,
                                   p90};
constexpr Field collective_fields[] = {text_of("operation"),
                                       needed("gpus", 2, 1000),
                                       launch,
                                       needed("gb_s", 0.01, 1e5),
                                       number_to("sqrt_bytes_ns", most_ns),
                                       rows,
                                       median,
                                       p90};

struct List {
  const char* key;
  std::span<const Field> fields;
};
constexpr List lists[] = {{"gemm", gemm_fields},
                          {"experts", experts_fields},
                          {"attention_decode", decode_fields},
                          {"attention_prefill", prefill_fields},
                          {"latent_decode", latent_fields},
                          {"latent_prefill", latent_fields},
                          {"collectives", collective_fields}};
constexpr const char* peaks[] = {"memory_bandwidth_gb_s", "bf16_tflops", "fp8_tflops", "fp4_tflops",
                                 "link_gb_s_per_direction"};

[[noreturn]] void refuse_key(const JsonReader& object, std::span<const Field> fields) {
  std::vector<std::string> known;
  for (const Field& field : fields) known.emplace_back(field.key);
  object.expect_only(known);
  object.fail("has an unknown key");
}

bool is_right(const Json& value, const Field& field) {
  if (field.type == Field::Type::text) return value.is_string() && !value.get_ref<const std::string&>().empty();
  if (field.type == Field::Type::flag) return value.is_boolean();
  if (!value.is_number()) return false;
  const double number = value.get<double>();
  return number >= field.least && number <= field.most;
}

// Says what is wrong with a value that is_right refused.
void refuse_value(const JsonReader& value, const Field& field) {
  if (field.type == Field::Type::text && value.string().empty()) value.fail("is empty, expected a word");
  if (field.type == Field::Type::flag) value.boolean();
  value.number(field.least, field.most);
}

// Checks a record and leaves out what only people read.
Json checked(const Json& record, std::span<const Field> fields, const JsonReader& reader) {
  Json kept = Json::object();
  if (!record.is_object()) reader.expect_only({});
  for (const auto& [key, value] : record.get_ref<const Json::object_t&>()) {
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&name = key](const Field& one) { return one.key == name; });
    if (field == fields.end()) refuse_key(reader, fields);
    if (!is_right(value, *field)) refuse_value(reader.at(key), *field);
    if (!field->is_of_fit) kept[key] = value;
  }
  for (const Field& field : fields)
    if (field.is_required && !record.contains(field.key)) reader.fail("has no '" + std::string(field.key) + "'");
  return kept;
}

Json checked_peaks(const JsonReader& reader) {
  reader.expect_only({std::begin(peaks), std::end(peaks)});
  for (const char* peak : peaks) reader.number_or(peak, 0, 0, 1e6);
  reader.at("memory_bandwidth_gb_s").number(1, 1e6);
  return reader.value();
}

}  // namespace

Json read_efficiency_file(const Json& file, const std::string& where, const std::string& gpu) {
  const JsonReader reader(file, where);
  std::vector<std::string> known = {"gpu", "sources", "notes", "peaks"};
  for (const List& list : lists) known.emplace_back(list.key);
  reader.expect_only(known);
  if (reader.at("gpu").string() != gpu) reader.at("gpu").fail("is not the name of the file, expected '" + gpu + "'");
  if (reader.at("sources").items().empty()) reader.at("sources").fail("is empty, expected where the numbers come from");
  Json kept = {{"gpu", gpu}, {"peaks", checked_peaks(reader.at("peaks"))}};
  for (const List& list : lists) {
    if (!reader.has(list.key)) continue;
    Json& records = kept[list.key] = Json::array();
    for (const JsonReader& record : reader.at(list.key).items())
      records.push_back(checked(record.value(), list.fields, record));
  }
  return kept;
}

}  // namespace vw
