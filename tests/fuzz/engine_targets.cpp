// Readers of the engine, and model families on configurations of any kind.
#include "fuzz/targets.hpp"

#include "audit/lint.hpp"
#include "audit/observed_row.hpp"
#include "audit/served_row.hpp"
#include "base/error.hpp"
#include "base/yaml.hpp"
#include "facts/efficiency.hpp"
#include "facts/model.hpp"
#include "facts/request.hpp"
#include "logs/diagnosis.hpp"
#include "lua/scripts.hpp"
#include "support/entries.hpp"
#include "support/memory_files.hpp"
#include "support/shipped.hpp"

#include <cstdio>
#include <cstdlib>

namespace vw::fuzz {
namespace {

template <class Read>
void refused_or_read(const Read& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// The shipped families, and one source that answers with whatever record is to be read next.
class Families {
 public:
  Families() {
    const lua::Host host{&disk_files(), &catalog_, nullptr};
    lua::index_scripts(test::shipped_scripts, Origin::Rank::installed, host, catalog_);
    test::Fake source;
    source.id = "any";
    source.ask = [this](const std::string& request) {
      return request.find("describe") != std::string::npos ? to_text(record_) : "null";
    };
    test::add_part(catalog_, source);
    catalog_.seal();
  }

  void load(Json record) {
    record_ = std::move(record);
    ModelQuestion question;
    question.model = "any";
    question.source = "any";
    const Model model = load_model(catalog_, {}, question);
    const double bytes = stored_weights_bytes(model, catalog_);
    expect(model.params >= 0 && bytes >= 0 && bytes < 1e30, "a size is negative, infinite or no number");
  }

 private:
  Catalog catalog_;
  Json record_;
};

Json as_record(Json json) {
  const bool is_record = json.is_object() && json.contains("config");
  return is_record ? json : Json{{"source", "any"}, {"config", std::move(json)}};
}

}  // namespace

void config(std::string_view text) {
  static Families families;
  refused_or_read([&] {
    Json record = as_record(parse_json(text, "config.json"));
    record["source"] = "any";
    families.load(std::move(record));
  });
}

void profile(std::string_view text) {
  const auto read = [](const Json& json) {
    const Request request = read_profile(json, "profile");
    check_request(request);
    const Json again = to_profile(request);
    expect(to_profile(read_profile(parse_yaml(to_yaml(again), "profile"), "profile")) == again,
           "a written profile reads otherwise");
  };
  refused_or_read([&] { read(parse_yaml(text, "profile.yaml")); });
  refused_or_read([&] { read(parse_json(text, "profile.json")); });
}

void gpu_db(std::string_view text) {
  test::MemoryFiles files;
  files.put("db/any.json", std::string(text));
  Catalog catalog;
  index_gpu_db("db", Origin::Rank::installed, files, catalog);
  catalog.seal();
  refused_or_read([&] {
    const GpuTable table(catalog);
    for (const Gpu& gpu : table.all()) expect(gpu.memory_mib.value_or(1) > 0, "a card has no memory");
  });
}

void efficiency(std::string_view text) {
  refused_or_read([&] { read_efficiency_file(parse_json(std::string(text), "card.json"), "card.json", "card"); });
}

void servers(std::string_view text) {
  refused_or_read([&] {
    for (const ServedRow& row : read_served_rows(std::string(text), "servers.csv")) {
      expect(row.prompt_tokens >= 0 && row.prompt_tokens < 1e13, "a length is negative, infinite or no number");
      expect(row.request.concurrency >= 1, "nobody is served");
    }
  });
}

void startups(std::string_view text) {
  refused_or_read([&] { read_observed_rows(std::string(text), "startups.json"); });
  refused_or_read([&] { read_startup_lines(std::string(text), "startups.jsonl"); });
}

void launches(std::string_view text) {
  static const Release release = find_release(test::shipped().catalog(), "");
  static const FlagSyntax syntax = flag_syntax(release);
  refused_or_read([&] {
    find_secrets(std::string(text));
    for (const Launch& launch : read_launches(std::string(text), "file", syntax, release))
      lint(launch, release, syntax, {});
  });
}

void server_log(std::string_view text) {
  static const LogBook book(test::shipped().catalog());
  const auto read = [&](std::size_t chunk) {
    LogReader reader(book);
    for (std::size_t at = 0; at < text.size(); at += chunk) reader.feed(text.substr(at, chunk));
    return reader.finish();
  };
  constexpr std::size_t odd = 61;
  const LogFacts facts = read(text.size() + 1);
  const LogFacts again = read(odd);
  expect(facts.lines == again.lines && facts.recognised() == again.recognised(), "chunks read otherwise");
  for (const LoggedStart& start : facts.starts) {
    const LoggedTerms terms = logged_terms(start);
    const RootCause cause = root_cause(book, start);
    if (cause.seen != nullptr) shortage_of(cause, terms, nullptr);
    refused_or_read([&] { request_of(test::shipped().catalog(), start); });
  }
}

}  // namespace vw::fuzz
