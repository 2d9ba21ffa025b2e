#include "model-folder/safetensors.hpp"

#include "model-folder/files.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace vw::checkpoint {

namespace {

constexpr std::uint64_t most_header_bytes = 100'000'000;  // the format's own limit: safetensors/src/tensor.rs
constexpr std::uint64_t most_tensors = 1'000'000;         // of one file
constexpr std::uint64_t most_index_bytes = std::uint64_t{100} << 20;

struct Dtype {
  const char* name;
  unsigned bits;
};

// safetensors/src/tensor.rs, enum Dtype, version 0.6.
constexpr Dtype dtypes[] = {{"BOOL", 8},    {"U8", 8},          {"I8", 8},          {"F8_E4M3", 8}, {"F8_E5M2", 8},
                            {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"F4", 4},      {"F6_E2M3", 6},
                            {"F6_E3M2", 6}, {"I16", 16},        {"U16", 16},        {"F16", 16},    {"BF16", 16},
                            {"I32", 32},    {"U32", 32},        {"F32", 32},        {"I64", 64},    {"U64", 64},
                            {"F64", 64},    {"C64", 64}};

unsigned bits_of(const std::string& dtype) {
  const auto* found =
      std::find_if(std::begin(dtypes), std::end(dtypes), [&](const Dtype& d) { return dtype == d.name; });
  return found == std::end(dtypes) ? 0 : found->bits;
}

// Where the bytes of one tensor lie, after the header.
struct Span {
  std::uint64_t begin = 0, end = 0;
  std::string name;
};

class Header {
 public:
  Header(const std::string& path, std::uint64_t data_bytes, std::uint64_t file_bytes, TensorTally& tally)
      : path_(path), data_bytes_(data_bytes), file_bytes_(file_bytes), tally_(tally) {}

  void take(const std::string& name, const Json& value) {
    if (name == "__metadata__") return;
    name_ = &name;
    if (!value.is_object()) fail("not an object, expected dtype, shape and data_offsets");
    Tensor tensor;
    tensor.name = name;
    tensor.dtype = dtype(value);
    tensor.shape = numbers(value, "shape");
    const auto offsets = numbers(value, "data_offsets");
    if (offsets.size() != 2) fail("data_offsets has " + std::to_string(offsets.size()) + " numbers, expected 2");
    check_size(tensor, offsets[0], offsets[1]);
    if (++tensors_ > most_tensors) throw Failure(path_, "more than " + std::to_string(most_tensors) + " tensors");
    tally_.add(tensor);
    if (tensor.bytes > 0) spans_.push_back({offsets[0], offsets[1], name});
  }

  void check_overlaps() {
    std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
    for (std::size_t i = 1; i < spans_.size(); ++i) {
      if (spans_[i].begin >= spans_[i - 1].end) continue;
      throw Failure(path_, "tensors " + shown(spans_[i - 1].name) + " and " + shown(spans_[i].name) +
                               " overlap at byte " + std::to_string(spans_[i].begin) + " of the data");
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Failure(path_, "tensor " + shown(*name_) + ": " + what);
  }

  std::string dtype(const Json& value) const {
    const auto found = value.find("dtype");
    if (found == value.end() || !found->is_string()) fail("no dtype, expected a string such as \"BF16\"");
    auto name = found->get<std::string>();
    if (bits_of(name) == 0) fail("unknown dtype " + shown(name) + ", expected one of " + known_dtypes());
    return name;
  }

  static std::string known_dtypes() {
    std::string names;
    for (const auto& known : dtypes) names += (names.empty() ? "" : ", ") + std::string(known.name);
    return names;
  }

  std::vector<std::uint64_t> numbers(const Json& value, const char* key) const {
    const auto found = value.find(key);
    const bool good = found != value.end() && found->is_array() &&
                      std::all_of(found->begin(), found->end(), [](const Json& n) { return n.is_number_unsigned(); });
    if (!good) fail(std::string(key) + " is not a list of whole numbers, expected for example [4096, 4096]");
    return found->get<std::vector<std::uint64_t>>();
  }

  void check_size(Tensor& tensor, std::uint64_t begin, std::uint64_t end) const {
    std::uint64_t bits = 0;
    if (!count_elements(tensor.shape, tensor.elements) ||
        __builtin_mul_overflow(tensor.elements, bits_of(tensor.dtype), &bits))
      fail("its shape has more elements than any file can hold");
    if (begin > end) fail("data_offsets run backwards, from " + std::to_string(begin) + " to " + std::to_string(end));
    tensor.bytes = bits / 8 + (bits % 8 != 0 ? 1 : 0);
    if (end - begin != tensor.bytes)
      fail("data_offsets span " + std::to_string(end - begin) + " bytes, but its shape and dtype need " +
           std::to_string(tensor.bytes));
    if (end > data_bytes_)
      fail("its data ends at byte " + std::to_string(file_bytes_ - data_bytes_ + end) + ", but the file has " +
           std::to_string(file_bytes_));
  }

  const std::string& path_;
  std::uint64_t data_bytes_, file_bytes_;
  TensorTally& tally_;
  const std::string* name_ = nullptr;
  std::uint64_t tensors_ = 0;
  std::vector<Span> spans_;
};

std::uint64_t unsigned_or_zero(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  if (found->is_number_unsigned()) return found->get<std::uint64_t>();
  // Some writers divide, and write 1.6e10.
  if (!found->is_number_float()) return 0;
  const auto value = found->get<double>();
  return value > 0 && value < 9e18 ? static_cast<std::uint64_t>(value) : 0;
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

std::uint64_t header_length(FileReader& reader) {
  constexpr std::uint64_t length_bytes = 8;
  if (reader.size_bytes() < length_bytes)
    reader.fail("has " + std::to_string(reader.size_bytes()) +
                " bytes, expected at least 8 for the length of the header");
  const auto length = reader.u64("the length of the header");
  const auto says = "header says " + std::to_string(length) + " bytes, ";
  if (length > reader.left_bytes()) reader.fail(says + "but the file has " + std::to_string(reader.size_bytes()));
  if (length > most_header_bytes) reader.fail(says + "expected at most " + std::to_string(most_header_bytes));
  return length;
}

}  // namespace

void read_safetensors(Files& files, const std::string& path, TensorTally& tally) {
  FileReader reader(files, path);
  const auto text = reader.bytes(header_length(reader), "the header");
  Header header(path, reader.left_bytes(), reader.size_bytes(), tally);
  parse_members(text, path + ": header", [&](const std::string& name, const Json& value) { header.take(name, value); });
  header.check_overlaps();
}

ShardIndex read_shard_index(Files& files, const std::string& path) {
  const auto text = read_text(files, path, most_index_bytes);
  const auto index = parse_json(text, path);
  const auto map = index.is_object() ? index.find("weight_map") : index.end();
  if (!index.is_object() || map == index.end() || !map->is_object())
    throw Failure(path, "no weight_map, expected {\"weight_map\": {tensor: file}, ...}");
  ShardIndex result;
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : map->items()) {
    if (!shard.is_string() || !is_plain_name(shard.get_ref<const std::string&>()))
      throw Failure(path, "weight_map: tensor " + shown(tensor) + " lies in " + shown(shard.dump()) +
                              ", expected the name of a file beside the index");
    shards.insert(shard.get<std::string>());
  }
  result.shards.assign(shards.begin(), shards.end());
  result.tensors = map->size();
  if (const auto metadata = index.find("metadata"); metadata != index.end() && metadata->is_object()) {
    result.total_bytes = unsigned_or_zero(*metadata, "total_size");
    result.total_parameters = unsigned_or_zero(*metadata, "total_parameters");
  }
  return result;
}

}  // namespace vw::checkpoint
