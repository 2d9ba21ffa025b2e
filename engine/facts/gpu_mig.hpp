// facts: slices of a card. MIG (Multi-Instance GPU) gives a program some of the multiprocessors and of the memory.
#pragma once

#include "facts/gpu.hpp"

namespace vw {

// A text that names a slice: "H100 MIG 3g.40gb", "A100 1g.10gb+me", "nvidia.com/mig-3g.40gb".
struct MigName {
  std::string card;     // "H100", may be empty
  std::string profile;  // "3g.40gb", empty where the text only says MIG
};

// Empty: the text names no slice. What follows the profile ("+me") says which engines for graphics and video a slice
// has, and is left out.
std::optional<MigName> split_mig_name(const std::string& text);

// One slice as a card of its own: its share of memory, bandwidth and rates; no link to other slices. A compute instance
// ("1c.3g.40gb") counts as its whole slice.
Gpu slice_of(const Gpu& parent, const MigProfile& profile);

// Of the card's own table; nullptr: it has no such profile.
const MigProfile* find_profile(const Gpu& gpu, const std::string& name);

// Reads "mig_profiles" of an entry, least first. Throws vw::Error naming file and path.
std::vector<MigProfile> read_mig_profiles(const JsonReader& list);

}  // namespace vw
