#include "base/text.hpp"
#include "base/yaml.hpp"
#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/sample_checks.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace.hpp"
#include "facts/correction.hpp"
#include "facts/format.hpp"
#include "facts/gpu_totals.hpp"
#include "facts/model.hpp"
#include "facts/release.hpp"
#include "facts/request.hpp"
#include "logs/log_book.hpp"
#include "native/loader.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>

namespace vw::cli {
namespace {

void check_listings(const Workspace& workspace, Findings& findings) {
  std::map<std::string, int> counts;
  constexpr bool load_all = true;
  for (const Listing& listing : workspace.catalog().listings(load_all)) {
    const std::string name = short_kind(listing.kind) + " " + quote(listing.id);
    if (!listing.refusal.empty())
      findings.error(listing.refusal);  // it begins with the file
    else if (!listing.shadowed_by.empty())
      findings.warning(name + " of " + listing.origin.path + " is shadowed by " + listing.shadowed_by);
    else
      ++counts[listing.kind];
  }
  for (const auto& [kind, count] : counts) findings.ok(fmt::format("{} {}", count, short_kind(kind)));
}

// Tables are read into structs, as planning does it.
void check_tables(const Workspace& workspace, Findings& findings) {
  const Catalog& catalog = workspace.catalog();
  findings.attempt([&] { findings.ok(fmt::format("{} accelerators", GpuTable(catalog).all().size())); });
  findings.attempt([&] { TotalRules(catalog).check(); });
  findings.attempt([&] { all_formats(catalog); });
  findings.attempt([&] { workspace.defaults(); });
  findings.attempt([&] { const LogBook readable(catalog); });
  for (const std::string& id : catalog.ids(table_kind::correction))
    findings.attempt(
        [&] { read_correction(JsonReader(*catalog.table(table_kind::correction, id), "correction " + quote(id))); });
  for (const std::string& version : catalog.ids(table_kind::release))
    findings.attempt([&] { find_release(catalog, version); });
}

// Every model that sources list is reduced to its normal form. That no family knows an architecture is no fault.
void check_models(const Workspace& workspace, bool is_verbose, Findings& findings) {
  const auto part = workspace.catalog().has(VW_KIND_METADATA_SOURCE, "catalogue")
                        ? workspace.catalog().part(VW_KIND_METADATA_SOURCE, "catalogue")
                        : nullptr;
  if (part == nullptr) return;
  int planned = 0;
  std::vector<std::string> unknown;
  const Json list = part->open(Json::object()).ask({{"verb", "list"}, {"filter", ""}});
  for (const JsonReader& entry : JsonReader(list, part->label()).items()) {
    ModelQuestion question;
    question.model = entry.at("id").string();
    question.source = "catalogue";
    try {
      load_model(workspace.catalog(), {"catalogue"}, question);
      ++planned;
    } catch (const Error& wrong) {
      const bool is_unknown = std::string_view(wrong.what()).find("unknown architecture") != std::string_view::npos;
      is_unknown ? unknown.push_back(wrong.what()) : findings.error(wrong.what(), wrong.hint());
    }
  }
  findings.ok(fmt::format("{} models of the catalogue", planned));
  if (is_verbose)
    for (const std::string& what : unknown) findings.note(what);
  else if (!unknown.empty())
    findings.note(
        fmt::format("{} more need --family or --params-b: no family knows their architecture (--verbose "
                    "lists them)",
                    unknown.size()));
}

void check_test(const Workspace& workspace, const std::string& path, Findings& findings) {
  const std::string script = path.substr(0, path.size() - std::string_view("_test.lua").size()) + ".lua";
  findings.attempt([&] {
    for (const lua::TestResult& result : lua::run_script_test(path, script, workspace.host()))
      result.failure.empty() ? findings.ok(result.name) : findings.error(result.name + ": " + result.failure);
  });
}

// A model is looked up in the file of its organisation.
void check_organisation(const JsonReader& models) {
  const std::string organisation = lower(models.at("organisation").string());
  for (const JsonReader& entry : models.at("entries").items())
    if (const std::string id = entry.at("id").string(); !lower(id).starts_with(organisation + "/"))
      entry.at("id").fail("is " + quote(id) + ", expected a model of " + quote(organisation));
}

// What a declaration must satisfy beyond its schema: the facts room can read it.
void check_declaration(const lua::Declaration& declaration, const std::string& path) {
  const auto* table = std::get_if<std::shared_ptr<const Json>>(&declaration.loaded);
  if (table == nullptr) return;
  Catalog catalog;
  catalog.add(declaration.kind, declaration.id, {Origin::Rank::given, path, ""}, [&] { return declaration.loaded; });
  catalog.seal();
  if (declaration.kind == table_kind::quantization) all_formats(catalog);
  if (declaration.kind == table_kind::gpu) GpuTable(catalog).all();
  if (declaration.kind == table_kind::release) find_release(catalog, "");
  if (declaration.kind == table_kind::log) const LogBook readable(catalog);
  if (declaration.kind == table_kind::correction)
    read_correction(JsonReader(**table, "correction " + quote(declaration.id)));
  if (declaration.kind == table_kind::models)
    check_organisation(JsonReader(**table, "models " + quote(declaration.id)));
}

void check_in(const std::string& path, const lua::Declaration& declaration) {
  try {
    check_declaration(declaration, path);
  } catch (const Error& wrong) {
    throw wrong.within(path);
  }
}

void check_script(const Workspace& workspace, const std::string& path, SampleChecks& sample, Findings& findings) {
  findings.attempt([&] {
    for (const lua::Declaration& declaration : lua::load_script(path, Origin::Rank::given, workspace.host())) {
      check_in(path, declaration);
      const auto* part = std::get_if<std::shared_ptr<const Part>>(&declaration.loaded);
      if (part == nullptr || sample.check(**part))
        findings.ok(short_kind(declaration.kind) + " " + quote(declaration.id));
    }
  });
  const std::string test = path.substr(0, path.size() - 4) + "_test.lua";
  if (workspace.files().read(test)) check_test(workspace, test, findings);
}

void check_plugin(const std::string& path, SampleChecks& sample, Findings& findings) {
  findings.attempt([&] {
    std::vector<std::string> notes;
    for (const Part& part : native::load_plugin(path, Origin::Rank::given, notes))
      if (sample.check(part)) findings.ok(part.label());
    for (const std::string& note : notes) findings.warning(note);
  });
}

// Ids by the names of all cards that are known.
std::map<std::string, std::string> owners_of_names(const Catalog& catalog) {
  std::map<std::string, std::string> owners;
  for (const Gpu& gpu : GpuTable(catalog).all())
    for (const std::string& name : {gpu.id, gpu.name}) owners[gpu_key(name)] = gpu.id;
  return owners;
}

// No other card of the file has its id, no other card at all a name that it takes for an alias.
void check_names(const std::map<std::string, std::string>& owners, const Gpu& gpu, std::set<std::string>& ids) {
  if (!ids.insert(gpu.id).second) throw Error(gpu.where, "is a second card " + quote(gpu.id) + ", expected one");
  for (const std::string& alias : gpu.aliases)
    if (const auto owner = owners.find(gpu_key(alias)); owner != owners.end() && owner->second != gpu.id)
      throw Error(gpu.where + "/aliases", quote(alias) + " is a name of " + quote(owner->second) + ", expected others");
}

void check_gpus(const Workspace& workspace, const JsonReader& gpus, Findings& findings) {
  const std::map<std::string, std::string> owners = owners_of_names(workspace.catalog());
  std::set<std::string> ids;
  for (const JsonReader& entry : gpus.items())
    if (findings.attempt([&] { check_names(owners, read_gpu(entry), ids); }))
      findings.ok("gpu " + quote(entry.at("id").string()));
}

void check_json(const Workspace& workspace, const std::string& path, Findings& findings) {
  findings.attempt([&] {
    const Json json = parse_json(read_file(workspace.files(), path, path), path);
    if (json.contains("visible") && json.contains("cuda")) {
      TotalRules(std::make_shared<const Json>(json), path).check();
      findings.ok("rules for totals " + path);
      return;
    }
    if (!json.contains("gpus")) {
      read_profile(json, path);
      findings.ok("profile " + path);
      return;
    }
    const JsonReader reader(json, path);
    reader.expect_only({"gpus"});
    check_gpus(workspace, reader.at("gpus"), findings);
  });
}

void check_file(const Workspace& workspace, const std::string& path, SampleChecks& sample, Findings& findings) {
  if (!std::filesystem::exists(path))
    return findings.error(printable(path, path.size()) +
                          ": there is no such file, expected a .lua, .so, .json or .yaml file");
  if (path.ends_with("_test.lua")) return check_test(workspace, path, findings);
  if (path.ends_with(".lua")) return check_script(workspace, path, sample, findings);
  if (path.ends_with(".so")) return check_plugin(path, sample, findings);
  if (path.ends_with(".json")) return check_json(workspace, path, findings);
  if (path.ends_with(".yaml") || path.ends_with(".yml")) {
    findings.attempt([&] {
      read_profile(parse_yaml(read_file(workspace.files(), path, path), path), path);
      findings.ok("profile " + path);
    });
    return;
  }
  throw Error(path, "is no file that can be checked, expected a .lua, .so, .json or .yaml file");
}

int check(const Workspace& workspace, const Arguments& arguments) {
  Findings findings;
  SampleChecks sample(workspace, arguments, findings);
  if (const std::string file = arguments.positional(0); !file.empty()) {
    check_file(workspace, file, sample, findings);
  } else {
    check_listings(workspace, findings);
    check_tables(workspace, findings);
    sample.check_all();
    check_models(workspace, arguments.has("verbose"), findings);
  }
  print_result(arguments, findings.text());
  return findings.exit_code();
}

}  // namespace

int run_check(const Arguments& arguments) {
  // What is refused is a finding of its own.
  return check(Workspace(arguments), arguments);
}

}  // namespace vw::cli
