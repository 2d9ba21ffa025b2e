#include "facts/model.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace vw {
namespace {

std::vector<std::string> sources_to_ask(const Catalog& catalog, const std::vector<std::string>& order,
                                        const ModelQuestion& question) {
  if (!question.source.empty()) return {question.source};
  std::vector<std::string> asked;
  const std::vector<std::string> known = catalog.ids(VW_KIND_METADATA_SOURCE);
  for (const std::string& id : known)
    if (std::find(order.begin(), order.end(), id) == order.end()) asked.push_back(id);  // the user's own come first
  for (const std::string& id : order)
    if (std::find(known.begin(), known.end(), id) != known.end()) asked.push_back(id);
  return asked;
}

Json describe_request(const ModelQuestion& question) {
  Json request = {{"verb", "describe"}, {"model", question.model}, {"offline", question.offline}};
  if (!question.revision.empty()) request["revision"] = question.revision;
  return request;
}

// What to do about a model that no source knows: mend the source that could not answer, or do without sources.
std::string hint_of(const std::vector<Unanswered>& unanswered) {
  if (unanswered.empty())
    return "any model can be planned from its config.json: put it into a folder and name the folder, or give "
           "--params-b";
  const Unanswered& last = unanswered.back();
  return last.source + " could not answer: " + last.why + (last.hint.empty() ? "" : "; " + last.hint);
}

[[noreturn]] void fail_unknown_model(const Catalog& catalog, const std::vector<std::string>& order,
                                     const ModelQuestion& question, const std::vector<Unanswered>& unanswered) {
  std::vector<std::string> asked = sources_to_ask(catalog, order, question), near;
  for (const std::string& id : asked) {
    const Json reply = catalog.part(VW_KIND_METADATA_SOURCE, id)
                           ->open(Json::object())
                           .ask({{"verb", "suggest"}, {"model", question.model}});
    if (!reply.is_array()) continue;
    for (const Json& name : reply)
      if (name.is_string() && near.size() < 3) near.push_back(quote(name.get<std::string>()));
  }
  const std::string expected = near.empty()
                                   ? "expected a folder with config.json or a name that `vllm-wizard models` lists"
                                   : "did you mean " + join_or(near) + "?";
  throw Error("--model",
              fmt::format("no source knows {} (asked {}), {}", quote(question.model), join(asked, ", "), expected),
              hint_of(unanswered));
}

// Families that were opened for this model: opening one is dear, so it is done once.
class Families {
 public:
  explicit Families(const Catalog& catalog) : catalog_(catalog) {}

  Instance& open(const std::string& id) {
    const auto known = opened_.find(id);
    if (known != opened_.end()) return known->second;
    return opened_.emplace(id, catalog_.part(VW_KIND_MODEL_FAMILY, id)->open(Json::object())).first->second;
  }
  const Catalog& catalog() const { return catalog_; }

 private:
  const Catalog& catalog_;
  std::map<std::string, Instance> opened_;
};

// All architectures that these families speak of, to the id of the strongest family that does.
std::map<std::string, std::string> families_by_architecture(Families& opened, const std::vector<std::string>& ids) {
  const Catalog& catalog = opened.catalog();
  std::map<std::string, std::string> families;
  for (const std::string& id : ids) {
    const auto part = catalog.part(VW_KIND_MODEL_FAMILY, id);
    const Json reply = opened.open(id).ask({{"verb", "architectures"}});
    const JsonReader reader(reply, part->label());
    for (const std::string& architecture : reader.at("architectures").strings()) {
      const auto [known, added] = families.emplace(architecture, id);
      if (!added && catalog.part(VW_KIND_MODEL_FAMILY, known->second)->origin().rank < part->origin().rank)
        known->second = id;
    }
  }
  return families;
}

std::string architecture_of(const JsonReader& config) {
  if (config.has("architectures")) {
    const std::vector<std::string> names = config.at("architectures").strings();
    if (!names.empty()) return names.front();
  }
  return config.string_or("model_type", "");
}

std::string choose_family(Families& opened, const JsonReader& config, const ModelQuestion& question) {
  const Catalog& catalog = opened.catalog();
  if (!question.family.empty()) return question.family;
  const std::string architecture = architecture_of(config);
  // Families whose text does not even hold the name need not be run, unless none of the others speaks of it.
  auto families = families_by_architecture(opened, catalog.ids_mentioning(VW_KIND_MODEL_FAMILY, architecture));
  if (const auto found = families.find(architecture); found != families.end()) return found->second;
  families = families_by_architecture(opened, catalog.ids(VW_KIND_MODEL_FAMILY));
  if (const auto found = families.find(architecture); found != families.end()) return found->second;
  if (question.params_b) return "generic";
  std::vector<std::string> names;
  for (const auto& [name, id] : families) names.push_back(name);
  const std::string near = did_you_mean(architecture, names);
  const std::string what =
      architecture.empty() ? "config.json names no architecture" : "unknown architecture " + quote(architecture);
  throw Error(config.where(),
              what + ", expected one that a family script speaks of" + (near.empty() ? "" : "; " + near),
              "teach it in a file families/<id>.lua (vllm-wizard new family <id>), plan it as a kin with --family ID, "
              "or estimate it with --params-b");
}

// "qwen3_moe" and "Qwen3MoeForCausalLM" are the same word.
std::string word_of(const std::string& name) {
  std::string word;
  for (const char byte : lower(name.substr(0, name.find("For"))))
    if (byte != '_' && byte != '-') word += byte;
  return word;
}

// Configs that were flattened or cut keep their model_type at best: the architecture that is called like it.
void name_by_type(Families& opened, Json& config, const std::string& where) {
  const JsonReader reader(config, where);
  if (!config.is_object() || reader.has("architectures") || !reader.has("model_type")) return;
  const std::string type = word_of(reader.at("model_type").string());
  const auto families = families_by_architecture(opened, opened.catalog().ids(VW_KIND_MODEL_FAMILY));
  if (families.contains(reader.at("model_type").string())) return;
  for (const auto& [name, id] : families) {
    if (word_of(name) != type) continue;
    config["architectures"] = {name};
    return;
  }
}

const Json& object_at(const JsonReader& json, const char* key) {
  const JsonReader member = json.at(key);
  if (!member.value().is_object()) member.fail("is " + to_text(member.value()) + ", expected an object");
  return member.value();
}

// `--family` is obeyed whatever the architecture is called: a family that tells its models apart by that name is
// given the first one it speaks of.
Json as_kin(const Part& family, const JsonReader& config, std::vector<std::string>& notes) {
  Json kin = config.value();
  const Json reply = family.open(Json::object()).ask({{"verb", "architectures"}});
  const std::vector<std::string> known = JsonReader(reply, family.label()).at("architectures").strings();
  const std::string architecture = architecture_of(config);
  if (known.empty() || std::find(known.begin(), known.end(), architecture) != known.end()) return kin;
  kin["architectures"] = {known.front()};
  kin.erase("model_type");
  notes.push_back("architecture " + quote(architecture) + " is planned as " + quote(known.front()));
  return kin;
}

Json declared_quantization(const JsonReader& record, const JsonReader& config) {
  Json declared = Json::object();
  for (const JsonReader& place : {config, config.find("text_config")})
    if (!place.is_null() && place.has("quantization_config")) declared.update(object_at(place, "quantization_config"));
  if (declared.empty() && config.has("compression_config")) declared = config.at("compression_config").value();
  if (record.has("hf_quant_config")) declared["hf_quant_config"] = record.at("hf_quant_config").value();
  return declared;
}

// Names and patterns of modules that the checkpoint leaves in 16 bit, whatever its tool calls the list.
Json ignored_modules(const Json& declared) {
  Json ignored = Json::array();
  const auto add = [&](const Json& object) {
    for (const char* key :
         {"ignore", "modules_to_not_convert", "ignored_layers", "exclude_modules", "llm_int8_skip_modules"})
      if (object.contains(key) && object.at(key).is_array())
        for (const Json& name : object.at(key)) ignored.push_back(name);
  };
  add(declared);
  if (declared.contains("hf_quant_config") && declared.at("hf_quant_config").contains("quantization"))
    add(declared.at("hf_quant_config").at("quantization"));
  return ignored;
}

Json group_size_of(const Json& declared) {
  for (const char* pointer : {"/group_size", "/q_group_size", "/config_groups/group_0/weights/group_size",
                              "/hf_quant_config/quantization/group_size"}) {
    const Json::json_pointer place(pointer);
    if (declared.contains(place) && declared.at(place).is_number()) return declared.at(place);
  }
  return nullptr;
}

// The tensors of the files as a source collapses them (plugins/local-files/README.md); families rely on their form.
const Json& checked_tensors(const JsonReader& tensors) {
  constexpr std::int64_t most_bytes = std::int64_t{1} << 62, most_places = 1'000'000'000, most_run = 200'000;
  for (const JsonReader& row : tensors.items()) {
    row.at("pattern").string();
    row.at("dtype").string();
    for (const JsonReader& size : row.at("shape").items()) size.integer(0, most_bytes);
    row.at("count").integer(1, most_places);
    row.at("bytes").integer(0, most_bytes);
    if (!row.has("at")) continue;
    for (const JsonReader& run : row.at("at").items()) {
      const std::vector<JsonReader> ends = run.items();
      if (ends.size() != 3) run.fail("is no run of layers, expected [first, last, count]");
      const std::int64_t first = ends[0].integer(0, most_places);
      ends[1].integer(first, first + most_run);
      ends[2].integer(1, most_places);
    }
  }
  return tensors.value();
}

Json describe_checkpoint(const Catalog& catalog, const JsonReader& record, const JsonReader& config) {
  const Json declared = declared_quantization(record, config);
  Json checkpoint = Json::object();
  for (const char* key : {"preprocessor_config", "hf_quant_config"})
    if (record.has(key)) checkpoint[key] = record.at(key).value();
  // the names in GGUF files are of another kind
  if (record.has("tensors") && !record.has("gguf")) checkpoint["tensors"] = checked_tensors(record.at("tensors"));
  if (declared.empty()) return checkpoint;
  checkpoint["quantization_config"] = declared;
  checkpoint["ignore"] = ignored_modules(declared);
  if (const Json size = group_size_of(declared); !size.is_null()) checkpoint["group_size"] = size;
  if (const auto format = recognise_format(catalog, declared)) checkpoint["format"] = format->id;
  return checkpoint;
}

// The exact format of a variant: as its source says, else as its own declaration is recognised, else the method where
// that is the id of a format. A method that several formats share says nothing.
std::string format_of(const Catalog& catalog, const JsonReader& variant, const std::string& method) {
  const std::string said = variant.string_or("format", "");
  if (catalog.has(table_kind::quantization, said)) return said;
  const Json declared = declared_quantization(variant, variant.find("config"));
  if (!declared.empty()) {
    const auto format = recognise_format(catalog, declared);
    return format ? format->id : "";
  }
  return catalog.has(table_kind::quantization, method) ? method : "";
}

std::vector<Variant> read_variants(const Catalog& catalog, const JsonReader& record) {
  std::vector<Variant> variants;
  if (!record.has("variants")) return variants;
  for (const JsonReader& variant : record.at("variants").items()) {
    const std::string method = variant.string_or("quantization", "");
    variants.push_back({variant.at("id").string(), method, format_of(catalog, variant, method)});
  }
  return variants;
}

// A model nobody has a config of: `--params-b` alone selects a typical shape.
Json typical_record(const ModelQuestion& question, const std::vector<Unanswered>& unanswered) {
  Json record = {
      {"id", question.model},
      {"source", "typical shape"},
      {"config", {{"params_b", *question.params_b}}},
      {"notes", Json::array({fmt::format("no source knows {}: planned with a typical shape for {} billion parameters",
                                         quote(question.model), *question.params_b)})}};
  for (const Unanswered& source : unanswered) record["notes"].push_back(source.source + ": " + source.why);
  return record;
}

void take_parameters(Model& model, const JsonReader& record, const ModelQuestion& question) {
  if (question.params_b) {
    const double given = *question.params_b * 1e9;
    model.active_params *= given / std::max(model.params, 1.0);
    model.params = given;
    model.params_basis = "--params-b";
    return;
  }
  if (record.has("params") && !model.is_quantized()) {
    const double published = record.at("params").number(1, 1e15);
    if (record.string_or("params_basis", "") == "safetensors headers" || model.is_estimated) {
      model.params = published;
      model.params_basis = record.string_or("params_basis", "published");
    }
  }
}

void take_record(Model& model, const JsonReader& record, const ModelQuestion& question) {
  model.id = record.string_or("id", question.model);
  model.source = record.at("source").string();
  model.location = record.string_or("location", "");
  model.revision = record.string_or("revision", question.revision);
  model.base = record.string_or("base", "");
  if (record.has("sizes")) model.sizes = record.at("sizes").strings();
  if (record.has("weights_bytes")) model.exact_weights_bytes = record.at("weights_bytes").number(1, 1e16);
  if (record.has("notes"))
    for (const std::string& note : record.at("notes").strings()) model.notes.push_back(note);
  if (record.has("warnings"))
    for (const std::string& warning : record.at("warnings").strings()) model.warnings.push_back(warning);
  take_parameters(model, record, question);
}

// What a family says of "config.json" is placed where the config was read, and not at the family.
Error about_config(const Error& error, const JsonReader& config) {
  constexpr std::string_view mark = "config.json: ";
  if (!error.message().starts_with(mark)) return error;
  return {config.where(), error.message().substr(mark.size()), error.hint()};
}

// A source may have to wait for a network.
Json ask_watched(const Catalog& catalog, const std::string& source, const Json& request) {
  struct Ending {
    const Progress& progress;
    ~Ending() {
      if (progress) progress("");
    }
  };
  const Ending ending{catalog.progress()};
  Instance instance = catalog.part(VW_KIND_METADATA_SOURCE, source)->open(Json::object());
  instance.watch(catalog.progress());
  return instance.ask(request);
}

}  // namespace

std::optional<Json> ask_sources(const Catalog& catalog, const std::vector<std::string>& order,
                                const ModelQuestion& question, std::vector<Unanswered>* unanswered) {
  for (const std::string& id : sources_to_ask(catalog, order, question)) {
    Json reply = ask_watched(catalog, id, describe_request(question));
    if (reply.is_null()) continue;
    if (reply.contains("unanswered")) {
      const JsonReader reader(reply, "metadata-source " + quote(id));
      if (unanswered) unanswered->push_back({id, reader.at("unanswered").string(), reader.string_or("hint", "")});
      continue;
    }
    object_at(JsonReader(reply, "metadata-source " + quote(id)), "config");
    if (!reply.contains("source")) reply["source"] = id;
    return reply;
  }
  return std::nullopt;
}

Model load_model(const Catalog& catalog, const std::vector<std::string>& source_order, const ModelQuestion& question) {
  std::vector<Unanswered> unanswered;
  std::optional<Json> found = ask_sources(catalog, source_order, question, &unanswered);
  const bool is_typical = !found && question.params_b;
  if (!found && !is_typical) fail_unknown_model(catalog, source_order, question, unanswered);
  Json answer = found ? std::move(*found) : typical_record(question, unanswered);
  const JsonReader record(answer, "model " + quote(question.model));
  const JsonReader config(record.at("config").value(),
                          record.string_or("config_file", record.where() + ": config.json"));
  Families opened(catalog);
  if (question.family.empty() && !is_typical) name_by_type(opened, answer["config"], config.where());
  const std::string family =
      is_typical && question.family.empty() ? "typical" : choose_family(opened, config, question);
  const auto part = catalog.part(VW_KIND_MODEL_FAMILY, family);
  try {
    const Json checkpoint = describe_checkpoint(catalog, record, config);
    std::vector<std::string> notes;
    const Json read = question.family.empty() ? config.value() : as_kin(*part, config, notes);
    const Json form = opened.open(family).ask({{"verb", "reduce"}, {"config", read}, {"checkpoint", checkpoint}});
    Model model = read_normal_form(form, part->label());
    model.notes.insert(model.notes.end(), notes.begin(), notes.end());
    model.architecture = architecture_of(config);
    take_record(model, record, question);
    if (!model.is_quantized()) model.variants = read_variants(catalog, record);
    return model;
  } catch (const Error& error) {
    throw about_config(error, config).within("planning for " + quote(question.model));
  }
}

double stored_weights_bytes(const Model& model, const Catalog& catalog) {
  std::map<std::string, Format> formats;
  const auto bytes_of = [&](const Matrix& matrix) {
    if (matrix.is_buffer) return 0.0;
    const std::string id = matrix.stored_as.empty() ? model.model_dtype : matrix.stored_as;
    auto known = formats.find(id);
    if (known == formats.end())
      known =
          formats.emplace(id, find_format(catalog, id, "model-family " + quote(model.family) + ": stored_as")).first;
    return matrix.copies * known->second.stored_bytes(matrix.outputs, matrix.inputs, matrix.is_expert(),
                                                      matrix.group_size > 0 ? matrix.group_size : model.group_size);
  };
  double bytes = model.unexplained_bytes;
  for (const Matrix& matrix : model.matrices) bytes += bytes_of(matrix);
  for (const Matrix& matrix : model.tower_matrices) bytes += bytes_of(matrix);
  for (const LayerGroup& group : model.groups)
    if (group.role == "target")
      for (const Matrix& matrix : group.matrices) bytes += bytes_of(matrix) * static_cast<double>(group.layers.size());
  return std::floor(bytes);
}

}  // namespace vw
