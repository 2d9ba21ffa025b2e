#include "model-folder/gguf.hpp"

#include "model-folder/files.hpp"
#include "model-folder/gguf_types.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <optional>

namespace vw::checkpoint {

namespace {

constexpr std::uint64_t most_header_bytes = std::uint64_t{256} << 20;  // real ones, vocabulary included: 5 to 30 MiB
constexpr std::uint64_t most_text_bytes = 4096;                        // longer texts (chat templates) are skipped
constexpr std::uint64_t most_list_values = 4096;                       // longer lists (vocabularies) are counted only
constexpr std::uint64_t most_kept_values = 100'000;                    // of all lists together
constexpr std::uint64_t most_pairs = 65'536;                           // real files have some 50
constexpr std::uint64_t most_tensors = 1'000'000;                      // and at most some 3,000 of these

// docs/gguf.md, enum gguf_metadata_value_type.
enum ValueType : std::uint32_t {
  type_u8,
  type_i8,
  type_u16,
  type_i16,
  type_u32,
  type_i32,
  type_f32,
  type_bool,
  type_string,
  type_array,
  type_u64,
  type_i64,
  type_f64
};

unsigned width_of(std::uint32_t type) {
  switch (type) {
    case type_u8:
    case type_i8:
    case type_bool:
      return 1;
    case type_u16:
    case type_i16:
      return 2;
    case type_u32:
    case type_i32:
    case type_f32:
      return 4;
    case type_u64:
    case type_i64:
    case type_f64:
      return 8;
    default:
      return 0;
  }
}

Json number_of(std::uint32_t type, std::uint64_t bits) {
  switch (type) {
    case type_i8:
      return static_cast<std::int8_t>(bits);
    case type_i16:
      return static_cast<std::int16_t>(bits);
    case type_i32:
      return static_cast<std::int32_t>(bits);
    case type_i64:
      return static_cast<std::int64_t>(bits);
    case type_f32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case type_f64:
      return std::bit_cast<double>(bits);
    case type_bool:
      return bits != 0;
    default:
      return bits;
  }
}

class HeaderReader {
 public:
  HeaderReader(Files& files, const std::string& path, Gguf& gguf) : reader_(files, path), gguf_(gguf) {}

  void read() {
    read_magic();
    const auto tensors = count("tensors", least_tensor_bytes, most_tensors);
    const auto pairs = count("key-values", least_pair_bytes, most_pairs);
    for (std::uint64_t i = 0; i < pairs; ++i) read_pair();
    std::uint64_t data_end = 0;
    for (std::uint64_t i = 0; i < tensors; ++i) data_end = std::max(data_end, read_tensor());
    check_data(data_end);
  }

 private:
  static constexpr std::uint64_t least_pair_bytes = 8 + 4 + 1;        // empty key, type, one byte
  static constexpr std::uint64_t least_tensor_bytes = 8 + 4 + 4 + 8;  // empty name, no dimensions, type, offset

  void read_magic() {
    if (reader_.size_bytes() < 4 || reader_.bytes(4, "the magic") != "GGUF")
      reader_.fail("does not begin with 'GGUF', expected a GGUF file");
    gguf_.version = reader_.u32("the version");
    if (gguf_.version == 2 || gguf_.version == 3) return;
    const bool is_swapped = gguf_.version == 0x02000000 || gguf_.version == 0x03000000;
    reader_.fail(is_swapped ? "is a big-endian GGUF file, expected a little-endian one"
                            : "has GGUF version " + std::to_string(gguf_.version) + ", expected 2 or 3");
  }

  std::uint64_t count(const char* what, std::uint64_t least_bytes, std::uint64_t most) {
    const auto number = reader_.u64("a count");
    const auto room = reader_.left_bytes() / least_bytes;
    if (number > room)
      reader_.fail("header says " + std::to_string(number) + " " + what + ", but the file has room for at most " +
                   std::to_string(room));
    if (number > most)
      reader_.fail("header says " + std::to_string(number) + " " + what + ", expected at most " + std::to_string(most));
    return number;
  }

  void check_header_size() const {
    if (reader_.position() > most_header_bytes)
      reader_.fail("header is larger than " + std::to_string(most_header_bytes) + " bytes");
  }

  std::uint64_t length(const char* what) {
    const auto bytes = reader_.u64(what);
    if (bytes > reader_.left_bytes())
      reader_.fail("header says " + std::to_string(bytes) + " bytes for " + what + ", but the file has " +
                   std::to_string(reader_.size_bytes()));
    check_header_size();
    return bytes;
  }

  std::string name(const char* what) {
    constexpr std::uint64_t most_name_bytes = 65535;  // docs/gguf.md: keys; ggml's own names have 64
    const auto bytes = length(what);
    if (bytes > most_name_bytes) reader_.fail(std::string(what) + " has " + std::to_string(bytes) + " bytes");
    return reader_.bytes(bytes, what);
  }

  void read_pair() {
    const auto key = name("a key");
    const auto type = reader_.u32("the type of a value");
    if (gguf_.values.contains(key) || gguf_.array_lengths.contains(key))
      reader_.fail("key " + shown(key) + " appears twice");
    if (type == type_array) return read_array(key, 0);
    auto value = read_scalar(key, type);
    gguf_.values[key] = std::move(value);
  }

  Json read_scalar(const std::string& key, std::uint32_t type) {
    if (type == type_string) {
      const auto bytes = length("a text");
      if (bytes <= most_text_bytes) return reader_.bytes(bytes, "a text");
      reader_.skip(bytes, "a text");
      return nullptr;
    }
    const auto width = width_of(type);
    if (width == 0)
      reader_.fail("key " + shown(key) + " has unknown type " + std::to_string(type) + ", expected 0 to 12");
    return number_of(type, reader_.unsigned_number(width, "a value"));
  }

  void read_array(const std::string& key, int depth) {
    constexpr int most_depth = 4;
    if (depth == most_depth) reader_.fail("key " + shown(key) + ": lists nested deeper than 4 levels");
    const auto type = reader_.u32("the type of a list");
    const auto width = width_of(type);
    if (width == 0 && type != type_string && type != type_array)
      reader_.fail("key " + shown(key) + " has unknown type " + std::to_string(type) + ", expected 0 to 12");
    const auto values = count("values in a list", width > 0 ? width : 8, ~std::uint64_t{0});
    if (depth == 0) gguf_.array_lengths[key] = values;
    if (width > 0 && depth == 0 && values <= most_list_values && kept_values_ <= most_kept_values)
      return read_numbers(key, type, values);
    if (width > 0) return reader_.skip(values * width, "a list");
    for (std::uint64_t i = 0; i < values; ++i) type == type_array ? read_array(key, depth + 1) : skip_text();
  }

  void read_numbers(const std::string& key, std::uint32_t type, std::uint64_t values) {
    Json list = Json::array();
    for (std::uint64_t i = 0; i < values; ++i)
      list.push_back(number_of(type, reader_.unsigned_number(width_of(type), "a list")));
    gguf_.values[key] = std::move(list);
    kept_values_ += values;
  }

  void skip_text() { reader_.skip(length("a text"), "a text"); }

  // Returns where the tensor's data ends, counted from the start of the data.
  std::uint64_t read_tensor() {
    Tensor tensor;
    tensor.name = name("a tensor's name");
    const auto where = "tensor " + shown(tensor.name) + ": ";
    const auto dimensions = reader_.u32("the dimensions of a tensor");
    constexpr std::uint32_t most_dimensions = 4;  // ggml.h, GGML_MAX_DIMS
    if (dimensions > most_dimensions)
      reader_.fail(where + std::to_string(dimensions) + " dimensions, expected at most 4");
    for (std::uint32_t i = 0; i < dimensions; ++i) tensor.shape.push_back(reader_.u64("the dimensions of a tensor"));
    const auto type_id = reader_.u32("the type of a tensor");
    const auto* type = find_gguf_type(type_id);
    if (type == nullptr) reader_.fail(where + "unknown type " + std::to_string(type_id));
    size_tensor(tensor, *type, where);
    const auto offset = reader_.u64("the offset of a tensor");
    if (offset > reader_.size_bytes()) reader_.fail(where + "its data begins behind the end of the file");
    std::reverse(tensor.shape.begin(), tensor.shape.end());  // GGUF lists the innermost dimension first
    gguf_.tally.add(tensor);
    if (tensor.name == "output.weight") gguf_.has_output = true;
    return offset + tensor.bytes;
  }

  void size_tensor(Tensor& tensor, const GgufType& type, const std::string& where) {
    tensor.dtype = type.name;
    const bool counted = count_elements(tensor.shape, tensor.elements);
    const auto blocks = tensor.elements / type.elements;
    if (!counted || blocks > reader_.size_bytes() / type.bytes)
      reader_.fail(where + "needs more bytes than the file has (" + std::to_string(reader_.size_bytes()) + ")");
    const auto row = tensor.shape.empty() ? 1 : tensor.shape.front();
    if (row % type.elements != 0)
      reader_.fail(where + "its rows have " + std::to_string(row) + " elements, expected a multiple of " +
                   std::to_string(type.elements) + " for " + type.name);
    tensor.bytes = blocks * type.bytes;
    tensor_bytes_ += tensor.bytes;
    if (tensor_bytes_ > reader_.size_bytes())
      reader_.fail(where + "ends " + std::to_string(tensor_bytes_) + " bytes of tensors, but the file has " +
                   std::to_string(reader_.size_bytes()));
  }

  void check_data(std::uint64_t data_end) const {
    std::uint64_t alignment = 32;  // docs/gguf.md: the default
    if (const auto given = gguf_.values.find("general.alignment"); given != gguf_.values.end())
      if (given->second.is_number_unsigned()) alignment = given->second.get<std::uint64_t>();
    if (alignment == 0 || alignment > (1u << 20)) reader_.fail("general.alignment is " + std::to_string(alignment));
    const auto start = (reader_.position() + alignment - 1) / alignment * alignment;
    if (data_end > 0 && start + data_end > reader_.size_bytes())
      reader_.fail("is cut off: its tensors end at byte " + std::to_string(start + data_end) + ", but the file has " +
                   std::to_string(reader_.size_bytes()));
  }

  FileReader reader_;
  Gguf& gguf_;
  std::uint64_t kept_values_ = 0, tensor_bytes_ = 0;
};

// "x-00002-of-00003.gguf": its number and how many there are.
struct Split {
  std::string stem;
  unsigned number = 0, count = 0;
  std::string name(unsigned wanted) const {
    char text[40];
    std::snprintf(text, sizeof text, "-%05u-of-%05u.gguf", wanted, count);
    return stem + text;
  }
};

std::optional<Split> split_of(const std::string& name) {
  constexpr std::size_t ending_bytes = std::string_view("-00001-of-00003.gguf").size();
  if (name.size() <= ending_bytes) return std::nullopt;
  Split split{name.substr(0, name.size() - ending_bytes)};
  const auto ending = name.substr(split.stem.size());
  if (std::sscanf(ending.c_str(), "-%5u-of-%5u.gguf", &split.number, &split.count) != 2) return std::nullopt;
  if (split.name(split.number) != name || split.number == 0 || split.number > split.count) return std::nullopt;
  return split;
}

std::vector<std::string> paths_of(const Split& split, const std::string& folder) {
  std::vector<std::string> paths;
  for (unsigned number = 1; number <= split.count; ++number) paths.push_back(joined(folder, split.name(number)));
  return paths;
}

}  // namespace

std::string Gguf::architecture() const {
  const auto found = values.find("general.architecture");
  return found != values.end() && found->second.is_string() ? found->second.get<std::string>() : "";
}

Gguf read_gguf(Files& files, const std::string& path) {
  const auto split = split_of(name_of(path));
  Gguf whole;
  if (split) files.will_read(paths_of(*split, folder_of(path)));
  whole.path = split ? joined(folder_of(path), split->name(1)) : path;
  HeaderReader(files, whole.path, whole).read();
  for (unsigned number = 2; split && number <= split->count; ++number) {
    const auto next = joined(folder_of(path), split->name(number));
    if (!files.is_file(next))
      throw Failure(whole.path, "part " + std::to_string(number) + " is missing, expected " + next);
    Gguf part;
    part.tally = std::move(whole.tally);
    HeaderReader(files, next, part).read();
    whole.tally = std::move(part.tally);
    whole.has_output = whole.has_output || part.has_output;
  }
  return whole;
}

std::vector<std::string> gguf_models(Files& files, const std::string& folder) {
  auto names = files.names_in(folder);
  std::erase_if(names, [](const std::string& name) {
    const auto split = split_of(name);
    return !name.ends_with(".gguf") || name.starts_with("mmproj") || (split && split->number != 1);
  });
  return names;
}

void add_gguf_weights(const Gguf& gguf, Json& record) {
  Json types = Json::object();
  for (const auto& [name, totals] : gguf.tally.by_dtype())
    types[name] = {{"tensors", totals.tensors}, {"elements", totals.elements}, {"bytes", totals.bytes}};
  record["gguf"] = {{"version", gguf.version},
                    {"architecture", gguf.architecture()},
                    {"tensors", gguf.tally.tensors()},
                    {"types", types}};
  record["weights_bytes"] = gguf.tally.bytes();
  record["params"] = gguf.tally.elements();
  record["params_basis"] = "GGUF tensor list";
  if (auto patterns = gguf.tally.patterns(); !patterns.is_null()) record["tensors"] = std::move(patterns);
}

}  // namespace vw::checkpoint
