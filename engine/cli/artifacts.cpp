#include "cli/artifacts.hpp"

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "cli/script_text.hpp"

#include <algorithm>

namespace vw::cli {
namespace {

std::string documents_of(const JsonReader& documents) {
  std::string text;
  for (const JsonReader& document : documents.items())
    text += (text.empty() ? "" : "---\n") + to_yaml(document.value());
  return text;
}

std::string text_of(const JsonReader& reply) {
  const std::string format = reply.at("format").string();
  const Json& data = reply.at("data").value();
  if (format == "shell") return to_shell(data);
  if (format == "yaml") return to_yaml(data);
  if (format == "yaml-documents") return documents_of(reply.at("data"));
  if (format == "json") return to_pretty_text(data);
  if (format == "systemd") return to_unit(data);
  if (format == "text" || format == "report") return reply.at("data").string();
  reply.at("format").fail("is " + quote(format) +
                          ", expected 'text', 'json', 'yaml', 'yaml-documents', 'shell', 'systemd' or 'report'");
}

Artifact file_of(const Part& renderer, const JsonReader& reader) {
  Artifact artifact{renderer.id(), reader.string_or("artifact", ""), reader.string_or("file", ""), text_of(reader), "",
                    false};
  const bool is_shell = reader.at("format").string() == "shell";
  artifact.value = is_shell ? to_shell_line(reader.at("data").value()) : artifact.text;
  if (artifact.file.find('/') != std::string::npos || artifact.file.starts_with('.'))
    reader.at("file").fail("is " + quote(artifact.file) + ", expected a plain file name");
  artifact.executable = reader.boolean_or("executable", is_shell);
  return artifact;
}

}  // namespace

void RenderInput::set_options(const Display& display, bool explain) {
  set("options",
      {{"color", display.color}, {"unicode", display.unicode}, {"width", display.width}, {"explain", explain}});
}

std::vector<Artifact> render(const Catalog& catalog, const std::string& renderer, const RenderInput& input) {
  return render(*catalog.part(VW_KIND_RENDERER, renderer), input);
}

std::vector<Artifact> render(const Part& renderer, const RenderInput& input) {
  const Json reply = renderer.open(Json::object()).ask(input.request());
  const JsonReader reader(reply, renderer.label());
  if (reader.has("left_out")) return {{renderer.id(), "", "", "", "", false, reader.at("left_out").string()}};
  if (!reader.has("files")) return {file_of(renderer, reader)};
  std::vector<Artifact> artifacts;
  for (const JsonReader& file : reader.at("files").items()) artifacts.push_back(file_of(renderer, file));
  return artifacts;
}

std::string render_text(const Catalog& catalog, const std::string& renderer, const RenderInput& input) {
  std::string text;
  for (const Artifact& artifact : render(catalog, renderer, input)) text += artifact.text;
  return text;
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

}  // namespace vw::cli
