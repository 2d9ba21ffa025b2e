// Servers in YAML: containers of Compose, Kubernetes and Helm values, and vLLM's own config.yaml.
#include "audit/launch.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace vw {
namespace {

struct Document {
  const YamlDocuments& yaml;
  const std::string& file;
  const FlagSyntax& syntax;
  std::vector<Launch>& found;

  std::size_t line_of(const std::string& path) const {
    const auto known = yaml.lines.find(path);
    return known == yaml.lines.end() ? 0 : known->second;
  }
};

// What stands around a value in a document.
struct Around {
  std::string where, gpu_name;
};

const Json& member(const Json& object, std::initializer_list<const char*> path) {
  static const Json nothing;
  const Json* at = &object;
  for (const char* key : path) {
    if (!at->is_object() || !at->contains(key)) return nothing;
    at = &at->at(key);
  }
  return *at;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() || value.is_structured() ? "" : to_text(value);
}

// Kubernetes puts in $(NAME), Compose ${NAME} and $NAME; both take $$ for one.
ShellWord word_of(const std::string& text, std::size_t line, bool is_service) {
  ShellWord word{"", line, false};
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_doubled = text.compare(at, 2, "$$") == 0;
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    const bool is_letter = (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || next == '_';
    const bool is_name = is_service ? is_letter || next == '{' : next == '(';
    word.is_expanded |= text[at] == '$' && !is_doubled && is_name;
    word.text += text[at];
    if (is_doubled) ++at;
  }
  return word;
}

// A command as a list of words, or as one text.
ShellCommand words_of(const Document& document, const Json& container, const std::string& path, const char* key,
                      bool is_service) {
  const Json& value = member(container, {key});
  const std::string at = path + "/" + key;
  ShellCommand words;
  if (value.is_string()) {
    const std::size_t line = document.line_of(at);
    for (const ShellWord& word : quoted_words(value.get<std::string>(), document.file)) {
      words.push_back(word_of(word.text, line, is_service));
      words.back().is_expanded |= word.is_expanded;
    }
  }
  if (value.is_array())
    for (std::size_t index = 0; index < value.size(); ++index)
      words.push_back(word_of(text_of(value[index]), document.line_of(at + "/" + std::to_string(index)), is_service));
  return words;
}

// {"NAME": value}, ["NAME=value"] or [{"name": , "value": }].
std::map<std::string, std::string> environment_of(const Json& container) {
  std::map<std::string, std::string> variables;
  for (const char* key : {"env", "environment"}) {
    const Json& list = member(container, {key});
    if (list.is_object())
      for (const auto& [name, value] : list.items()) variables[name] = text_of(value);
    if (!list.is_array()) continue;
    for (const Json& entry : list) {
      const std::string text = text_of(entry);
      const std::size_t equals = text.find('=');
      if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
      if (entry.is_object()) variables[text_of(member(entry, {"name"}))] = text_of(member(entry, {"value"}));
    }
  }
  return variables;
}

std::string image_of(const Json& container) {
  const Json& image = member(container, {"image"});
  if (!image.is_object()) return text_of(image);
  const std::string tag = text_of(member(image, {"tag"}));
  return text_of(member(image, {"repository"})) + (tag.empty() ? "" : ":" + tag);
}

std::optional<std::int64_t> count_of(const Json& value) {
  const std::string text = text_of(value);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool is_whole = error == std::errc() && end == text.data() + text.size() && count > 0;
  return is_whole ? std::optional(count) : std::nullopt;
}

// What Compose reserves.
const Json& devices_of(const Json& container) {
  static const Json none = Json::array();
  const Json& devices = member(container, {"deploy", "resources", "reservations", "devices"});
  return devices.is_array() ? devices : none;
}

// GPUs of a container: a limit in Kubernetes, reserved devices in Compose.
std::optional<std::int64_t> gpus_of(const Json& container) {
  for (const char* section : {"limits", "requests"})
    for (const char* resource : {"nvidia.com/gpu", "amd.com/gpu", "habana.ai/gaudi"})
      if (const auto count = count_of(member(container, {"resources", section, resource}))) return count;
  for (const Json& device : devices_of(container)) {
    if (const auto count = count_of(member(device, {"count"}))) return count;
    if (const Json& ids = member(device, {"device_ids"}); ids.is_array() && !ids.empty())
      return static_cast<std::int64_t>(ids.size());
  }
  return std::nullopt;
}

// Numbers of those that Compose names.
std::vector<std::string> cards_of(const Json& container) {
  std::vector<std::string> cards;
  for (const Json& device : devices_of(container))
    if (const Json& ids = member(device, {"device_ids"}); ids.is_array())
      for (const Json& id : ids) cards.push_back(text_of(id));
  return cards;
}

// Labels of the GPU operator: "NVIDIA-H100-80GB-HBM3".
std::string gpu_name_of(const Json& object) {
  std::string name = text_of(member(object, {"nodeSelector", "nvidia.com/gpu.product"}));
  std::replace(name.begin(), name.end(), '-', ' ');
  return name;
}

void add(const Document& document, Launch launch) {
  const auto same = [&](const Launch& other) {
    return std::equal(launch.words.begin(), launch.words.end(), other.words.begin(), other.words.end(),
                      [](const ShellWord& left, const ShellWord& right) { return left.text == right.text; });
  };
  if (std::none_of(document.found.begin(), document.found.end(), same)) document.found.push_back(std::move(launch));
}

// A container: program and arguments (entrypoint and command of Compose, command and args of Kubernetes). An image of
// vLLM starts the server by itself.
void read_container(const Document& document, const Json& container, const std::string& path, const Around& around) {
  const bool is_service = around.where.starts_with("service ");
  ShellCommand words = words_of(document, container, path, "entrypoint", is_service);
  for (const char* key : {"command", "args"})
    for (ShellWord& word : words_of(document, container, path, key, is_service)) words.push_back(std::move(word));
  const std::string image = image_of(container);
  const bool has_program = !member(container, {is_service ? "entrypoint" : "command"}).is_null();
  std::vector<Launch> launches = launches_of(words, document.syntax);
  const bool is_plain = launches.empty() && !has_program && is_vllm_image(image) && !words.empty();
  if (is_plain) {
    const std::size_t line = words.front().line;
    words.insert(words.begin(), {{"vllm", line, false}, {"serve", line, false}});
    launches = launches_of(words, document.syntax);
  }
  for (Launch& launch : launches) {
    launch.where = around.where;
    launch.gpu_name = around.gpu_name.empty() ? gpu_name_of(container) : around.gpu_name;
    if (!launch.gpus) launch.gpus = gpus_of(container);
    launch.cards = cards_of(container);
    if (launch.command.image.empty()) launch.command.image = image;
    for (auto& [name, value] : environment_of(container)) launch.command.environment.emplace(name, value);
    add(document, std::move(launch));
  }
}

// vLLM's production stack: github.com/vllm-project/production-stack, helm/values.yaml
void read_model_spec(const Document& document, const Json& spec, const std::string& path, const Around& around) {
  ShellCommand words = {{"vllm", 0, false}, {"serve", 0, false}};
  words.push_back(word_of(text_of(member(spec, {"modelURL"})), document.line_of(path + "/modelURL"), false));
  const std::pair<const char*, const char*> named[] = {{"tensorParallelSize", "--tensor-parallel-size"},
                                                       {"pipelineParallelSize", "--pipeline-parallel-size"},
                                                       {"maxModelLen", "--max-model-len"},
                                                       {"maxNumSeqs", "--max-num-seqs"},
                                                       {"gpuMemoryUtilization", "--gpu-memory-utilization"},
                                                       {"dtype", "--dtype"}};
  const Json& config = member(spec, {"vllmConfig"});
  for (const auto& [key, flag] : named) {
    if (member(config, {key}).is_null()) continue;
    const std::size_t line = document.line_of(path + "/vllmConfig/" + key);
    words.push_back({flag, line, false});
    words.push_back(word_of(text_of(member(config, {key})), line, false));
  }
  for (ShellWord& word : words_of(document, config, path + "/vllmConfig", "extraArgs", false))
    words.push_back(std::move(word));
  for (Launch& launch : launches_of(words, document.syntax)) {
    launch.where = around.where;
    const std::string tag = text_of(member(spec, {"tag"}));
    launch.command.image = text_of(member(spec, {"repository"})) + (tag.empty() ? "" : ":" + tag);
    launch.gpus = count_of(member(spec, {"requestGPU"}));
    add(document, std::move(launch));
  }
}

void read_script(const Document& document, const Json& task, const std::string& path, const Around& around) {
  const std::size_t line = document.line_of(path + "/run");
  for (Launch& launch : read_shell(task.at("run").get<std::string>(), document.file, document.syntax)) {
    for (ShellWord& word : launch.words) word.line = line;
    launch.where = around.where;
    add(document, std::move(launch));
  }
}

void walk(const Document& document, const Json& value, const std::string& path, Around around) {
  if (value.is_array())
    for (std::size_t index = 0; index < value.size(); ++index)
      walk(document, value[index], path + "/" + std::to_string(index), around);
  if (!value.is_object()) return;
  const std::string kind = text_of(member(value, {"kind"})), name = text_of(member(value, {"metadata", "name"}));
  if (!kind.empty() && !name.empty()) around.where = kind + " " + quote(name);
  if (const std::string card = gpu_name_of(value); !card.empty()) around.gpu_name = card;
  for (const char* key : {"command", "args", "entrypoint"})
    if (value.contains(key)) {
      read_container(document, value, path, around);
      break;
    }
  if (value.contains("modelURL")) read_model_spec(document, value, path, around);
  if (value.contains("run") && value["run"].is_string()) read_script(document, value, path, around);
  for (const auto& [key, inner] : value.items()) {
    Around within = around;
    if (path.ends_with("/services")) within.where = "service " + quote(key);
    walk(document, inner, path + "/" + key, within);
  }
}

bool is_known(const std::string& flag, const FlagSyntax& syntax, const Release& release) {
  if (knows_written(release, syntax, flag) || syntax.takes.contains(flag)) return true;
  return member(release.json, {"removed_flags", flag.c_str()}).is_string() ||
         member(release.json, {"later_flags", flag.c_str()}).is_string();
}

// Names of flags with their values, at least half of which are known.
std::optional<Launch> read_settings(const Document& document, const Json& settings, const Release& release) {
  if (!settings.is_object() || settings.empty()) return std::nullopt;
  Launch launch;
  std::size_t known = 0;
  for (const auto& [name, value] : settings.items()) {
    const std::string flag = document.syntax.canonical("--" + name);
    known += flag == "--model" || is_known(flag, document.syntax, release) ? 1 : 0;
    launch.words.push_back({name, document.line_of("/0/" + name), false});
  }
  if (known * 2 < settings.size()) return std::nullopt;
  launch.command = read_serve_settings(JsonReader(settings, document.file), document.syntax);
  launch.is_settings = true;
  return launch;
}

}  // namespace

std::vector<Launch> read_objects(const std::string& text, const std::string& file, const FlagSyntax& syntax,
                                 const Release& release) {
  const YamlDocuments yaml = parse_yaml_documents(text, file);
  std::vector<Launch> found;
  const Document document{yaml, file, syntax, found};
  for (std::size_t index = 0; index < yaml.documents.size(); ++index)
    walk(document, yaml.documents[index], "/" + std::to_string(index), {});
  if (found.empty() && yaml.documents.size() == 1)
    if (auto launch = read_settings(document, yaml.documents.front(), release)) found.push_back(*std::move(launch));
  return found;
}

}  // namespace vw
