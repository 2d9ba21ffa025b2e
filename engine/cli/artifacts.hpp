// cli: renderers answer with data; here it becomes text, so that quoting is always right.
#pragma once

#include "base/json_reader.hpp"
#include "cli/terminal.hpp"
#include "parts/catalog.hpp"

#include <string>
#include <vector>

namespace vw::cli {

struct Artifact {
  std::string renderer, key, file, text;  // key: in plan.artifacts, may be empty
  std::string value;                      // under that key: commands without the frame of a script
  bool executable = false;
  std::string left_out = {};  // why this plan has no such artifact: there is no file then
};

// What a renderer is asked with: { verb, plan, release, profile, options }.
class RenderInput {
 public:
  Json& plan() { return request_["plan"]; }
  const Json& request() const noexcept { return request_; }
  void set(const char* member, Json value) { request_[member] = std::move(value); }
  void set_options(const Display& display, bool explain);

 private:
  Json request_ = {{"verb", "render"}};
};

// Several files for `files`, one without a file for `left_out`. Throws vw::Error naming the renderer.
std::vector<Artifact> render(const Part& renderer, const RenderInput& input);
std::vector<Artifact> render(const Catalog& catalog, const std::string& renderer, const RenderInput& input);
// The text of a renderer of one file.
std::string render_text(const Catalog& catalog, const std::string& renderer, const RenderInput& input);

// Ids of `--emit`: "all" is every renderer but the report. Throws vw::Error with did-you-mean.
std::vector<std::string> emitted(const Catalog& catalog, const std::vector<std::string>& asked,
                                 const std::string& report);

}  // namespace vw::cli
