// What is asked of every part, native or Lua, whatever its kind.
#include "conformance/all_parts.hpp"
#include "support/catch.hpp"

#include <map>

using namespace vw;
using test::all_parts;
using test::garbage;
using test::outcome_of;

namespace {

const std::vector<std::string>& part_kinds() {
  static const std::vector<std::string> kinds = {VW_KIND_METADATA_SOURCE, VW_KIND_GPU_DETECTOR,   VW_KIND_MODEL_FAMILY,
                                                 VW_KIND_MEMORY_MODEL,    VW_KIND_PERF_HEURISTIC, VW_KIND_RENDERER,
                                                 VW_KIND_SERVER_PROBE};
  return kinds;
}

bool is_hot(const Part& part) { return part.can_evaluate(); }

// A question of its kind that every part must understand.
const std::map<std::string, Json>& good_questions() {
  static const std::map<std::string, Json> questions = {
      {VW_KIND_METADATA_SOURCE, {{"verb", "describe"}, {"model", "nobody/knows-this"}, {"offline", true}}},
      {VW_KIND_GPU_DETECTOR, {{"verb", "detect"}, {"timeout_s", 10}}},
      {VW_KIND_MODEL_FAMILY, {{"verb", "architectures"}}},
      {VW_KIND_SERVER_PROBE, {{"verb", "probe"}, {"url", "http://127.0.0.1:9"}, {"timeout_s", 1}}},
  };
  return questions;
}

Instance open_part(const Part& part) {
  return part.open(is_hot(part) ? test::sample_settings().front() : Json::object());
}

template <class Check>
void for_all_parts(Check&& check) {
  for (const std::string& kind : part_kinds())
    for (const auto& part : all_parts().of_kind(kind)) {
      INFO(part->label() << " of " << part->origin().path);
      check(*part);
    }
}

}  // namespace

TEST_CASE("everything that lies in the folders loads", "[conformance]") {
  for (const Listing& listing : all_parts().catalog().listings(true)) {
    INFO(listing.origin.path);
    CHECK(listing.refusal == "");
  }
}

TEST_CASE("there is a part of every kind, native and Lua", "[conformance]") {
  std::size_t native = 0, scripts = 0;
  for (const std::string& kind : part_kinds()) {
    INFO(kind);
    CHECK_FALSE(all_parts().of_kind(kind).empty());
    for (const auto& part : all_parts().of_kind(kind)) (part->origin().provider.empty() ? scripts : native) += 1;
  }
  CHECK(native >= 5);
  CHECK(scripts >= 35);
}

TEST_CASE("every part says what it is in one line", "[conformance]") {
  for_all_parts([](const Part& part) {
    CHECK(part.summary() != "");
    CHECK(part.summary().find('\n') == std::string::npos);
    CHECK(part.summary().size() <= 120);
  });
}

TEST_CASE("every part opens, more than once, and answers what its kind asks", "[conformance]") {
  for_all_parts([](const Part& part) {
    Instance first = open_part(part), second = open_part(part);
    const auto question = good_questions().find(part.kind());
    if (question == good_questions().end()) return;
    const Json answer = first.ask(question->second);
    CHECK(second.ask(question->second) == answer);
    CHECK(first.ask(question->second) == answer);
  });
}

TEST_CASE("no part breaks on a question that makes no sense", "[conformance]") {
  for_all_parts([](const Part& part) {
    if (!part.can_ask()) return;
    Instance instance = open_part(part);
    for (const Json& question : garbage()) {
      INFO("asked " << question);
      const std::string outcome = outcome_of([&] { instance.ask(question); });
      CHECK(outcome != "");
      CHECK_THAT(outcome, !ContainsSubstring("misbehaved") && !ContainsSubstring("internal"));
    }
    const auto question = good_questions().find(part.kind());
    if (question != good_questions().end()) CHECK(outcome_of([&] { instance.ask(question->second); }) == "answered");
  });
}

TEST_CASE("no part breaks on settings that make no sense", "[conformance]") {
  for_all_parts([](const Part& part) {
    for (const Json& settings : garbage()) {
      INFO("opened with " << settings);
      const std::string outcome = outcome_of([&] { part.open(settings); });
      CHECK(outcome != "");
      CHECK_THAT(outcome, !ContainsSubstring("misbehaved") && !ContainsSubstring("internal"));
    }
  });
}

TEST_CASE("a detector answers with a status of its kind and says what it asked", "[conformance]") {
  static const std::vector<std::string> known = {"ok", "absent", "failed", "no-gpu"};
  for (const auto& part : all_parts().of_kind(VW_KIND_GPU_DETECTOR)) {
    INFO(part->label());
    const Json reply = part->open(Json::object()).ask({{"verb", "detect"}, {"timeout_s", 10}});
    const JsonReader reader(reply, part->label());
    const std::string status = reader.at("status").string();
    CHECK(std::find(known.begin(), known.end(), status) != known.end());
    CHECK(reader.string_or("tool", "") != "");
    if (status != "ok") continue;
    for (const JsonReader& gpu : reader.at("gpus").items()) {
      CHECK(gpu.at("name").string() != "");
      CHECK(gpu.at("vram_mib").number(1, 1e9) > 0);
    }
  }
}

TEST_CASE("a probe before no server says why, and what to do", "[conformance]") {
  for (const auto& part : all_parts().of_kind(VW_KIND_SERVER_PROBE)) {
    INFO(part->label());
    const Json reply =
        part->open(Json::object()).ask({{"verb", "probe"}, {"url", "http://127.0.0.1:9"}, {"timeout_s", 1}});
    const JsonReader reader(reply, part->label());
    CHECK(reader.at("status").string() == "failed");
    CHECK(reader.at("message").string() != "");
    CHECK(reader.at("hint").string() != "");
  }
}

TEST_CASE("a source lists what it can describe, and knows nothing of a model that is not there", "[conformance]") {
  for (const auto& part : all_parts().of_kind(VW_KIND_METADATA_SOURCE)) {
    INFO(part->label());
    Instance source = part->open(Json::object());
    CHECK(source.ask({{"verb", "describe"}, {"model", "nobody/knows-this"}, {"offline", true}}).is_null());
    const Json listed = source.ask({{"verb", "list"}, {"filter", ""}});
    if (!listed.is_array() || listed.empty()) continue;
    const std::string id = listed.front().at("id").get<std::string>();
    INFO(id);
    const Json record = source.ask({{"verb", "describe"}, {"model", id}, {"offline", true}});
    REQUIRE(record.is_object());
    CHECK(record.at("config").is_object());
    CHECK(record.at("id") == id);
  }
}
