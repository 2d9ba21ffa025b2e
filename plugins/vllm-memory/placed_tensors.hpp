// Tensors of the checkpoint's own files, as the family placed them: its matrices already say how each one is stored,
// and here is what no matrix explains.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

namespace vllm_memory {

struct Serving;

struct PlacedTensors {
  enum class Role { target, predicting, tower };
  struct Unexplained {
    Role role = Role::target;
    double bytes = 0;           // in one layer
    int first = -1, last = -1;  // layers; -1: outside of them
  };

  double count = 0, placed = 0;  // tensors of the files, and those that belong to a matrix; 0: no headers were read
  bool is_exact = false;         // each matrix has its tensor and each tensor its matrix
  std::vector<Unexplained> unexplained;
};

// From the normal form's `tensors`.
PlacedTensors read_placed_tensors(const nlohmann::json& json);

// One pipeline stage: its layers, first and one past the last.
struct StageRange {
  std::pair<int, int> layers;
  bool is_first = true, is_last = true;
};

// Bytes of unexplained tensors on each rank of a stage. Nobody knows how they are split, so all ranks hold them; those
// outside of the layers lie on every stage.
double unexplained_bytes(const PlacedTensors& tensors, const Serving& serving, const StageRange& stage);

}  // namespace vllm_memory
