// Documentation that the schemas write themselves: vw.meta.lua for editors, field tables for scripts/README.md.
#include "base/text.hpp"
#include "lua/declarations.hpp"
#include "lua/scripts.hpp"
#include "parts/origins.hpp"
#include "parts/rows.hpp"

#include <fmt/format.h>

namespace vw::lua {

namespace {

using Type = Rule::Type;

std::string editor_type(const Rule& rule, const std::string& name);

std::string editor_choices(const Rule& rule) {
  std::vector<std::string> choices;
  for (const char* choice : rule.choices()) choices.push_back(fmt::format("\"{}\"", choice));
  return join(choices, "|");
}

// "(context, candidate) -> memory" to "fun(context: any, candidate: vw.candidate): vw.memory".
std::string editor_function(std::string_view signature) {
  const auto type_of = [](std::string_view name) -> std::string {
    if (name == "candidate" || name == "memory") return "vw." + std::string(name);
    if (name == "speed") return "vw.perf";
    if (name == "context") return "any";
    return name.ends_with("or nil") ? "table?" : "table";
  };
  const std::size_t close = signature.find(')');
  std::vector<std::string> parameters;
  for (const std::string& name : split(signature.substr(1, close - 1), ','))
    parameters.push_back(fmt::format("{}: {}", trimmed(name), type_of(trimmed(name))));
  const std::string result = trimmed(signature.substr(signature.find("->") + 2));
  return fmt::format("fun({}): {}", join(parameters, ", "), result == "context" ? "any" : type_of(result));
}

std::string editor_type(const Rule& rule, const std::string& name) {
  switch (rule.type) {
    case Type::integer:
      return "integer";
    case Type::number:
      return "number";
    case Type::boolean:
      return "boolean";
    case Type::function:
      return editor_function(rule.signature);
    case Type::list:
      return editor_type(*rule.item, name) + "[]";
    case Type::map:
      return fmt::format("table<string, {}>", editor_type(*rule.item, name));
    case Type::table:
      return name;
    case Type::open_table:
      return rule.fields().empty() ? "table" : name;
    case Type::choice:
      return editor_choices(rule);
    default:
      return "string";
  }
}

const Rule& innermost(const Rule& rule) { return rule.item == nullptr ? rule : innermost(*rule.item); }

// One class, after those of its tables.
void write_class(std::string& out, const std::string& name, const char* help, std::span<const Field> fields) {
  for (const Field& field : fields)
    if (const Rule& inner = innermost(field.rule); !inner.fields().empty())
      write_class(out, fmt::format("{}.{}", name, field.name), field.help, inner.fields());
  out += fmt::format("---@class {} {}\n", name, help);
  for (const Field& field : fields)
    out += fmt::format("---@field {}{} {} {}\n", field.name, field.is_required ? "" : "?",
                       editor_type(field.rule, fmt::format("{}.{}", name, field.name)), field.help);
  out += "\n";
}

void write_rows(std::string& out, const char* name, const char* help, std::span<const RowField> fields) {
  out += fmt::format("---@class vw.{} {}\n", name, help);
  for (const RowField& field : fields) {
    const std::string_view field_name = field.name;
    std::string type = field.type == RowField::Type::f64 ? "number" : "integer";
    if (field_name == "verdict" || field_name == "reason" || field_name == "bottleneck") type = "string";
    if (field_name == "starts" || field_name == "survives") type = "boolean";
    out += fmt::format("---@field {}? {}\n", field.name, type);
  }
  out += "\n";
}

constexpr const char* editor_head = R"(---@meta vw
-- The API of vllm-wizard scripts, for editors. Written by the program itself and never executed.

---@class vw
---@field api_version integer
---@field null lightuserdata null inside a list; as a member, null is nil
---@field flags { enforce_eager: integer, expert_parallel: integer, prefix_caching: integer } bits of candidate.flags
vw = {}

)";

constexpr const char* editor_tail = R"(---Marks a table as a JSON list; needed where it may be empty.
---@param items? any[]
---@return any[]
function vw.list(items) end

---A value as JSON text on one line, for flags that take JSON.
---@param value any
---@return string
function vw.json(value) end

---Reads a file; nil when there is none. Sources only.
---@param path string
---@return string?
function vw.read_file(path) end

---The layers of a table in the catalog, strongest first. Sources only.
---@param kind string
---@param id string
---@return table[]
function vw.entries(kind, id) end

---The ids of a kind in the catalog, sorted. Sources only.
---@param kind string
---@return string[]
function vw.ids(kind) end

---Runs a program without a shell. Detectors only. The member `end` says how it ended: exited, not-found, timed-out,
---output-too-large or killed.
---@param arguments string[]
---@param timeout_s? number up to 60, else 10
---@return table result end, exit_code, output, errors
function vw.run(arguments, timeout_s) end

---Compares deeply and raises on the caller's line. Tests only.
---@param actual any
---@param expected any
function vw.expect(actual, expected) end

---The message that a function raises. Tests only.
---@param attempt function
---@return string
function vw.fails(attempt) end
)";

std::string shown_value(const Rule& rule) {
  std::string text = describe_rule(rule);
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

// Rows of one table; nested fields under their dotted path.
void write_fields(std::string& out, const std::string& prefix, std::span<const Field> fields) {
  for (const Field& field : fields) {
    const std::string name = prefix + field.name;
    out += fmt::format("| `{}` | {}{} | {} |\n", name, shown_value(field.rule), field.is_required ? ", needed" : "",
                       field.help);
    std::string inner = name;
    for (const Rule* rule = &field.rule; rule->item != nullptr; rule = rule->item)
      inner += rule->type == Type::list ? "[]" : ".*";
    write_fields(out, inner + ".", innermost(field.rule).fields());
  }
}

std::string folder_of(const Schema& schema) {
  const KindFolder* const folder = find_kind(schema.kind);
  const bool is_flat = folder == nullptr || folder->folder[0] == '\0';
  if (is_flat) return "`defaults.lua`";
  const char* const name = std::string_view(schema.constructor) == "models" ? "<organisation in lower case>" : "<id>";
  return fmt::format("`{}/{}.lua`", folder->folder, name);
}

}  // namespace

std::string editor_api() {
  std::string out = editor_head;
  write_rows(out, "candidate", "one configuration to judge; gpu, format, kv_format and release count from 1",
             candidate_fields());
  write_rows(out, "memory", "what a memory model returns; all fields may be left out", memory_fields());
  write_rows(out, "perf", "what a performance heuristic returns; all fields may be left out", perf_fields());
  for (const Schema& schema : schemas()) {
    const std::string name = fmt::format("vw.{}.declaration", schema.constructor);
    write_class(out, name, schema.help, schema.fields);
    out += fmt::format("---@param declaration {}\n---@return {}\nfunction vw.{}(declaration) end\n\n", name, name,
                       schema.constructor);
  }
  return out + editor_tail;
}

std::string field_tables() {
  std::string out;
  for (const Schema& schema : schemas()) {
    out += fmt::format("### `vw.{}`: {}\n\nIn {}.\n\n| field | value | meaning |\n|---|---|---|\n", schema.constructor,
                       schema.help, folder_of(schema));
    write_fields(out, "", schema.fields);
    out += "\n";
  }
  return out;
}

}  // namespace vw::lua
