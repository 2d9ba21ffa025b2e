#include "cli/artifacts.hpp"

#include "base/text.hpp"
#include "base/yaml.hpp"

#include <algorithm>

namespace vw::cli {
namespace {

std::vector<std::vector<std::string>> commands_of(const Json& data) {
  std::vector<std::vector<std::string>> commands;
  const JsonReader reader(data, "shell artifact");
  for (const JsonReader& command : reader.at("commands").items()) commands.push_back(command.strings());
  return commands;
}

std::string text_of(const JsonReader& reply) {
  const std::string format = reply.at("format").string();
  const Json& data = reply.at("data").value();
  if (format == "shell") return to_shell(data);
  if (format == "yaml") return to_yaml(data);
  if (format == "json") return to_pretty_text(data);
  if (format == "text" || format == "report") return reply.at("data").string();
  reply.at("format").fail("is " + quote(format) + ", expected 'text', 'json', 'yaml', 'shell' or 'report'");
}

}  // namespace

void RenderInput::set_options(const Display& display, bool explain) {
  set("options",
      {{"color", display.color}, {"unicode", display.unicode}, {"width", display.width}, {"explain", explain}});
}

Artifact render(const Catalog& catalog, const std::string& renderer, const RenderInput& input) {
  return render(*catalog.part(VW_KIND_RENDERER, renderer), input);
}

Artifact render(const Part& renderer, const RenderInput& input) {
  const Json reply = renderer.open(Json::object()).ask(input.request());
  const JsonReader reader(reply, renderer.label());
  Artifact artifact{renderer.id(), reader.string_or("artifact", ""), reader.string_or("file", ""), text_of(reader), "",
                    false};
  const bool is_shell = reader.at("format").string() == "shell";
  artifact.value = is_shell ? to_shell_line(reader.at("data").value()) : artifact.text;
  if (artifact.file.find('/') != std::string::npos || artifact.file.starts_with('.'))
    reader.at("file").fail("is " + quote(artifact.file) + ", expected a plain file name");
  artifact.executable = reader.boolean_or("executable", is_shell);
  return artifact;
}

std::vector<std::string> emitted(const Catalog& catalog, const std::vector<std::string>& asked,
                                 const std::string& report) {
  std::vector<std::string> known = catalog.ids(VW_KIND_RENDERER), ids;
  std::erase(known, report);
  for (const std::string& word : asked) {
    const std::string id = trimmed(word);
    if (id == "all") return known;
    if (id.empty()) continue;
    if (std::find(known.begin(), known.end(), id) == known.end()) {
      const std::string near = did_you_mean(id, known);
      throw Error("--emit", "unknown artifact " + quote(id) + ", " +
                                (near.empty() ? "expected all or some of " + join(known, ", ") : near));
    }
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  if (ids.empty()) throw Error("--emit", "names no artifact, expected all or some of " + join(known, ", "));
  return ids;
}

std::string to_shell(const Json& data) {
  std::string text = "#!/usr/bin/env bash\n";
  if (data.contains("comments"))
    for (const Json& comment : data.at("comments")) text += "# " + printable(comment.get<std::string>(), 1000) + "\n";
  text += "set -euo pipefail\n";
  for (const std::vector<std::string>& command : commands_of(data)) {
    text += "\n";
    for (std::size_t i = 0; i < command.size(); ++i) {
      const bool is_option = command[i].starts_with('-') && i > 0;
      text += i == 0 ? "" : is_option ? " \\\n  " : " ";
      text += shell_quoted(command[i]);
    }
    text += "\n";
  }
  return text;
}

std::string to_shell_line(const Json& data) {
  std::vector<std::string> lines;
  for (const std::vector<std::string>& command : commands_of(data)) {
    std::vector<std::string> words;
    std::transform(command.begin(), command.end(), std::back_inserter(words),
                   [](const std::string& word) { return shell_quoted(word); });
    lines.push_back(join(words, " "));
  }
  return join(lines, "\n");
}

}  // namespace vw::cli
