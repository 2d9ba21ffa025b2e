// Every part there is: shipped scripts, the sample user's scripts, built plugins and example plugins.
#pragma once

#include "base/error.hpp"
#include "facts/scenario.hpp"
#include "native/loader.hpp"
#include "support/shipped.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace vw::test {

class AllParts {
 public:
  AllParts() {
    const lua::Host host{&disk_files(), &catalog_, nullptr};
    lua::index_scripts(shipped_scripts, Origin::Rank::installed, host, catalog_);
    lua::index_scripts(VW_ROOT "/tests/data/user-scripts", Origin::Rank::given, host, catalog_);
    index_gpu_db(shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog_);
    native::index_plugins(VW_BINARY_DIR "/plugins", Origin::Rank::installed, catalog_);
    native::index_plugins(VW_BINARY_DIR "/example-plugins", Origin::Rank::given, catalog_);
    catalog_.seal();
  }
  AllParts(const AllParts&) = delete;
  AllParts& operator=(const AllParts&) = delete;

  const Catalog& catalog() const { return catalog_; }
  std::vector<std::shared_ptr<const Part>> of_kind(const std::string& kind) const {
    std::vector<std::shared_ptr<const Part>> parts;
    for (const std::string& id : catalog_.ids(kind)) parts.push_back(catalog_.part(kind, id));
    return parts;
  }

 private:
  Catalog catalog_;
};

inline const AllParts& all_parts() {
  static const AllParts parts;
  return parts;
}

// What hot parts are opened with: a dense model on one card, a mixture on eight.
inline const std::vector<Json>& sample_settings() {
  static const std::vector<Json> settings = [] {
    std::vector<Json> made;
    const Catalog& catalog = shipped().catalog();
    for (const auto& [model, gpu, measured] : {std::tuple{"meta-llama/Llama-3.1-8B-Instruct", "RTX 4090", "l40s"},
                                               {"Qwen/Qwen3-30B-A3B", "H100", "h100-sxm5-80gb"}}) {
      Request request;
      request.model = model;
      request.gpu = gpu;
      made.push_back(gather(catalog, shipped().defaults(), request).settings());
      made.back()["gpus"][0]["efficiency"] = {{"gpu", measured}, {"related_by", "capability"}};
      made.back()["efficiency"][measured] = *catalog.table(table_kind::efficiency, measured);
      made.back()["serving_costs"] = *catalog.table(table_kind::efficiency, "_shared");
    }
    return made;
  }();
  return settings;
}

// "answered", or the message of the refusal. Anything else that leaves the part is a failure of the part.
template <class Call>
std::string outcome_of(Call&& call) {
  try {
    call();
    return "answered";
  } catch (const Error& error) {
    return error.kind() == Error::Kind::user ? error.message() : "an internal error: " + error.message();
  }
}

// What no part expects.
inline const std::vector<Json>& garbage() {
  static const std::vector<Json> values = {nullptr,
                                           true,
                                           -1,
                                           1e308,
                                           "",
                                           "text",
                                           Json::array(),
                                           Json::array({1, "two", nullptr}),
                                           Json::object(),
                                           {{"verb", "dance"}},
                                           {{"verb", 7}},
                                           {{"verb", Json::array()}},
                                           {{"verb", nullptr}},
                                           Json{{"x", Json::array({Json::array({Json::array()})})}}};
  return values;
}

}  // namespace vw::test
