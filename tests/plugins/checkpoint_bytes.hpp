// Writes safetensors and GGUF files, right or wrong, byte by byte.
#pragma once

#include "base/json_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vw::test {

inline std::string little_endian(std::uint64_t number, unsigned width_bytes) {
  std::string bytes;
  for (unsigned i = 0; i < width_bytes; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

inline std::string safetensors(const std::string& header, std::size_t data_bytes) {
  return little_endian(header.size(), 8) + header + std::string(data_bytes, '\0');
}

struct Stored {
  std::string name, dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t bytes;
};

// One tensor behind the other.
inline std::string safetensors(const std::vector<Stored>& tensors) {
  Json header = {{"__metadata__", {{"format", "pt"}}}};
  std::uint64_t end = 0;
  for (const auto& tensor : tensors) {
    header[tensor.name] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {end, end + tensor.bytes}}};
    end += tensor.bytes;
  }
  return safetensors(header.dump(), end);
}

// A GGUF file: pairs first, then tensors, then bytes().
class GgufBytes {
 public:
  explicit GgufBytes(std::uint32_t version = 3) : version_(version) {}

  GgufBytes& text(std::string_view key, std::string_view value) { return pair(key, 8, string(value)); }
  GgufBytes& number(std::string_view key, std::uint32_t value) { return pair(key, 4, little_endian(value, 4)); }
  GgufBytes& flag(std::string_view key, bool value) { return pair(key, 7, little_endian(value ? 1 : 0, 1)); }
  GgufBytes& pair(std::string_view key, std::uint32_t type, const std::string& value) {
    ++pair_count_;
    pairs_ += string(key) + little_endian(type, 4) + value;
    return *this;
  }
  GgufBytes& texts(std::string_view key, std::uint64_t count) {
    std::string value = little_endian(8, 4) + little_endian(count, 8);
    for (std::uint64_t i = 0; i < count; ++i) value += string("token");
    return pair(key, 9, value);
  }
  GgufBytes& numbers(std::string_view key, const std::vector<std::uint32_t>& list) {
    std::string value = little_endian(4, 4) + little_endian(list.size(), 8);
    for (const auto item : list) value += little_endian(item, 4);
    return pair(key, 9, value);
  }
  // Dimensions as GGUF has them, innermost first.
  GgufBytes& tensor(std::string_view name, const std::vector<std::uint64_t>& dimensions, std::uint32_t type,
                    std::uint64_t bytes) {
    ++tensor_count_;
    tensors_ += string(name) + little_endian(dimensions.size(), 4);
    for (const auto size : dimensions) tensors_ += little_endian(size, 8);
    tensors_ += little_endian(type, 4) + little_endian(data_bytes_, 8);
    data_bytes_ += (bytes + 31) / 32 * 32;
    return *this;
  }
  GgufBytes& claims(std::uint64_t tensors, std::uint64_t pairs) {
    tensor_count_ = tensors;
    pair_count_ = pairs;
    return *this;
  }

  std::string bytes() const {
    std::string file = "GGUF" + little_endian(version_, 4) + little_endian(tensor_count_, 8) +
                       little_endian(pair_count_, 8) + pairs_ + tensors_;
    file.resize((file.size() + 31) / 32 * 32);
    return file + std::string(data_bytes_, '\0');
  }

 private:
  static std::string string(std::string_view text) { return little_endian(text.size(), 8) + std::string(text); }

  std::uint32_t version_;
  std::uint64_t pair_count_ = 0, tensor_count_ = 0, data_bytes_ = 0;
  std::string pairs_, tensors_;
};

}  // namespace vw::test
