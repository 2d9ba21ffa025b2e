// hf-hub: the files of one commit, of which only the beginnings are fetched: a whole config.json, the header of a
// safetensors or GGUF file, never its weights.
#pragma once

#include "model-folder/files.hpp"
#include "repository.hpp"
#include "store.hpp"
#include "transfers.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace vw::hub {

// A file is not in the store, and the network may not be asked.
class NotStored : public checkpoint::Failure {
 public:
  using Failure::Failure;
};

// Paths are "org/name/config.json".
class HubFiles : public checkpoint::Files {
 public:
  using Tell = std::function<void(const std::string& progress)>;

  // All must outlive it. `transfers` is null where only the store may answer.
  HubFiles(const std::string& id, const Listing& listing, const Access& access, const Store& store,
           Transfers* transfers, Tell tell);

  bool is_file(const std::string& path) override;
  std::vector<std::string> names_in(const std::string& folder) override;
  std::unique_ptr<checkpoint::Bytes> open(const std::string& path) override;
  // Fetches the beginnings together, of safetensors files to the end of the header.
  void will_read(const std::vector<std::string>& paths) override;

  // Puts what was fetched into the store. To be called when it has proved readable.
  void keep() const;

 private:
  class File;
  struct Beginning {
    std::string bytes;
    std::uint64_t total_bytes = 0;
    bool is_new = false;

    bool is_whole() const { return bytes.size() == total_bytes; }
  };

  std::string name_of(const std::string& path) const;
  std::uint64_t total_bytes(const std::string& name);
  std::optional<std::uint64_t> expected_total(const std::string& name) const;
  // What is known of it, without asking the network.
  Beginning* known(const std::string& name);
  Beginning& reaching(const std::string& name, std::uint64_t offset);
  Get piece_of(const std::string& name) const;
  void fetch(const std::vector<std::string>& names);
  void take(const std::string& name, const Get& get, const Reply& reply);
  void check(const std::string& name, const Get& get, const Reply& reply) const;
  void check_length(const std::string& name, const Get& get, const Reply& reply,
                    std::optional<std::uint64_t> total) const;
  bool is_header_complete(const std::string& name) const;
  [[noreturn]] void fail(const std::string& name, const Complaint& complaint) const;

  const std::string& id_;
  const Listing& listing_;
  const Access& access_;
  const Store& store_;
  Transfers* transfers_;
  const Tell tell_;
  std::uint64_t fetched_bytes_ = 0;
  std::map<std::string, Beginning> beginnings_;  // by name in the repository
};

}  // namespace vw::hub
