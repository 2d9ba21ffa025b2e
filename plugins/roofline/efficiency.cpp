#include "efficiency.hpp"

#include "engine-settings/json_fields.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>

namespace roofline {

using namespace vw::settings;
namespace {

constexpr double us = 1e-6, ns = 1e-9, giga = 1e9, tera = 1e12;

double read_version(const Json& json) { return version_number(text(json, "vllm")); }

GemmRecord read_gemm(const Json& json) {
  return {text(json, "format"),
          text(json, "peak", "bf16"),
          number(json, "launch_us") * us,
          number(json, "memory_share", 1),
          number(json, "compute_share", 1),
          number(json, "blend", 1),
          number(json, "input_bytes"),
          number(json, "output_bytes"),
          number(json, "weight_bytes", 2),
          read_version(json)};
}

ExpertsRecord read_experts(const Json& json) {
  return {text(json, "format"),
          text(json, "peak", "bf16"),
          number(json, "launch_us") * us,
          number(json, "memory_share", 1),
          number(json, "compute_share", 1),
          number(json, "activation_bytes"),
          number(json, "pad_rows"),
          number(json, "imbalance"),
          number(json, "weight_bytes", 2),
          read_version(json)};
}

DecodeRecord read_decode(const Json& json) {
  return {text(json, "kv"),
          number(json, "head_dim", 128),
          number(json, "window_tokens"),
          number(json, "launch_us") * us,
          number(json, "memory_share", 1),
          number(json, "sequence_head_ns") * ns,
          number(json, "sqrt_context_ns") * ns,
          read_version(json)};
}

PrefillRecord read_prefill(const Json& json) {
  return {text(json, "kv"),
          number(json, "head_dim", 128),
          number(json, "window_tokens"),
          number(json, "launch_us") * us,
          number(json, "compute_share", 1),
          number(json, "memory_share", 1),
          number(json, "half_length_tokens"),
          read_version(json)};
}

LatentRecord read_latent(const Json& json) {
  LatentRecord record;
  record.kv = text(json, "kv");
  record.format = text(json, "format");
  record.is_unfused = flag(json, "unfused");
  record.launch_s = number(json, "launch_us") * us;
  record.memory_share = number(json, "memory_share", 1);
  record.compute_share = number(json, "compute_share", 1);
  record.attention_compute_share = number(json, "attention_compute_share", 1);
  record.weight_bytes = number(json, "weight_bytes", 2);
  record.kv_memory_share = number(json, "kv_memory_share", 1);
  record.sequence_s = number(json, "sequence_ns") * ns;
  record.sqrt_context_s = number(json, "sqrt_context_ns") * ns;
  record.activation_bytes = number(json, "activation_bytes");
  record.vllm = read_version(json);
  return record;
}

CollectiveRecord read_collective(const Json& json) {
  return {text(json, "operation"), number(json, "gpus", 2), number(json, "launch_us") * us,
          number(json, "gb_s", 1) * giga, number(json, "sqrt_bytes_ns") * ns};
}

template <class Record>
std::vector<Record> read_all(const Json& json, const char* key, Record (*read)(const Json&)) {
  std::vector<Record> records;
  for (const Json& entry : member(json, key)) records.push_back(read(entry));
  return records;
}

// Of the records that fit best (least distance), the newest that is not newer than the engine, else the oldest.
template <class Record>
const Record* choose(const std::vector<Record>& records, double vllm,
                     const std::function<double(const Record&)>& distance) {
  const Record* best = nullptr;
  double least = HUGE_VAL;
  for (const Record& record : records) {
    const double far = distance(record);
    if (far == HUGE_VAL || far > least) continue;
    const bool is_nearer = far < least || best == nullptr;
    const bool both_known = !is_nearer && record.vllm <= vllm && best->vllm <= vllm;
    const bool is_newer = !is_nearer && (both_known ? record.vllm > best->vllm : record.vllm < best->vllm);
    if (is_nearer || is_newer) best = &record;
    least = far;
  }
  return best;
}

template <class Record>
const Record* of_format(const std::vector<Record>& records, const std::string& format, double vllm) {
  return choose<Record>(records, vllm, [&](const Record& record) { return record.format == format ? 0 : HUGE_VAL; });
}

// Another type of KV cache is farther away than another head width; a full record is better than no record of a window.
template <class Record>
const Record* of_heads(const std::vector<Record>& records, const std::string& kv, double head_dim, double window_tokens,
                       double vllm) {
  const auto octaves = [](double a, double b) { return std::abs(std::log2(a / b)); };
  return choose<Record>(records, vllm, [&](const Record& record) {
    // a window's record is of one width of window: others behave like full attention over fewer tokens
    if (record.window_tokens > 0 && record.window_tokens != window_tokens) return HUGE_VAL;
    const double kv_distance = record.kv == kv ? 0 : 1000;
    return kv_distance + octaves(record.head_dim, head_dim) + (record.window_tokens == window_tokens ? 0 : 0.001);
  });
}

const LatentRecord* of_latent(const std::vector<LatentRecord>& records, const std::string& kv,
                              const std::string& format, double vllm) {
  return choose<LatentRecord>(records, vllm, [&](const LatentRecord& record) {
    const bool is_fallback = record.format == "bf16";
    if (record.format != format && !is_fallback) return HUGE_VAL;
    return (record.kv == kv ? 0.0 : 1.0) + (record.format == format ? 0.0 : 2.0);
  });
}

void read_peaks(const Json& json, Efficiency& efficiency) {
  efficiency.bytes_per_s = number(json, "memory_bandwidth_gb_s") * giga;
  efficiency.link_bytes_per_s = number(json, "link_gb_s_per_direction") * giga;
  efficiency.bf16_flops = number(json, "bf16_tflops") * tera;
  efficiency.fp8_flops = number(json, "fp8_tflops") * tera;
  efficiency.fp4_flops = number(json, "fp4_tflops") * tera;
}

}  // namespace

double version_number(const std::string& version) {
  double number = 0;
  const char* at = version.c_str();
  for (int part = 0; part < 3; ++part) {
    char* end = nullptr;
    number = number * 1000 + static_cast<double>(std::strtol(at, &end, 10));
    at = *end == '.' ? end + 1 : end;
  }
  return number;
}

const GemmRecord* Efficiency::gemm_of(const std::string& format, double vllm) const {
  return of_format(gemm, format, vllm);
}

const ExpertsRecord* Efficiency::experts_of(const std::string& format, double vllm) const {
  return of_format(experts, format, vllm);
}

const DecodeRecord* Efficiency::decode_of(const std::string& kv, double head_dim, double window_tokens,
                                          double vllm) const {
  return of_heads(decode, kv, head_dim, window_tokens, vllm);
}

const PrefillRecord* Efficiency::prefill_of(const std::string& kv, double head_dim, double window_tokens,
                                            double vllm) const {
  return of_heads(prefill, kv, head_dim, window_tokens, vllm);
}

const LatentRecord* Efficiency::latent_decode_of(const std::string& kv, const std::string& format, double vllm) const {
  return of_latent(latent_decode, kv, format, vllm);
}

const LatentRecord* Efficiency::latent_prefill_of(const std::string& kv, const std::string& format, double vllm) const {
  return of_latent(latent_prefill, kv, format, vllm);
}

const CollectiveRecord* Efficiency::collective_of(const std::string& operation, double gpus) const {
  const CollectiveRecord *smallest = nullptr, *largest = nullptr;
  for (const CollectiveRecord& record : collectives) {
    if (record.operation != operation) continue;
    if (record.gpus >= gpus && (smallest == nullptr || record.gpus < smallest->gpus)) smallest = &record;
    if (largest == nullptr || record.gpus > largest->gpus) largest = &record;
  }
  return smallest != nullptr ? smallest : largest;
}

Efficiency read_efficiency(const Json& json) {
  Efficiency efficiency;
  efficiency.gpu = text(json, "gpu");
  read_peaks(member(json, "peaks"), efficiency);
  efficiency.gemm = read_all(json, "gemm", read_gemm);
  efficiency.experts = read_all(json, "experts", read_experts);
  efficiency.decode = read_all(json, "attention_decode", read_decode);
  efficiency.prefill = read_all(json, "attention_prefill", read_prefill);
  efficiency.latent_decode = read_all(json, "latent_decode", read_latent);
  efficiency.latent_prefill = read_all(json, "latent_prefill", read_latent);
  efficiency.collectives = read_all(json, "collectives", read_collective);
  return efficiency;
}

}  // namespace roofline
