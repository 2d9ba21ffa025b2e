// search: workers judge blocks; what they found is merged in the order of the blocks, so that their number never
// changes the answer.
#pragma once

#include "search/block_judge.hpp"

#include <functional>

namespace vw {

// Takes in what a digest found; called in the order of the blocks, one at a time.
using Merge = std::function<void()>;
// Looks through a judged block, many at the same time. [any thread]
using Digest = std::function<Merge(const JudgedBlock& block)>;

struct Progressed {
  std::uint64_t candidates = 0, left_out = 0, fitting = 0;  // so far
};
using ShowProgress = std::function<void(const Progressed& progressed)>;  // one at a time; may be null

// Throws the vw::Error of the first block that failed, by its number.
Progressed run_sweep(const Space& space, const Lanes& lanes, const OpenJudges& open, unsigned threads,
                     const Digest& digest, const ShowProgress& show);

}  // namespace vw
