// lua, inside: what a declaration may hold. One schema per constructor checks the table, raises on the author's line,
// and writes the documentation.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

struct lua_State;

namespace vw::lua {

struct Field;

// What one value must be. Constant data: all pointers are to static storage.
struct Rule {
  enum class Type {
    id,          // kebab-case text, the file's name
    line,        // text of one line, not empty
    text,        //
    integer,     // least <= x <= most
    number,      // least <= x <= most
    boolean,     //
    function,    // `signature` says how it is called
    list,        // of `item`
    map,         // text -> `item`
    table,       // `fields`, nothing else
    open_table,  // `fields` checked, anything else allowed
    choice,      // one of `choices`
  };
  Type type = Type::text;
  double least = 0, most = 0;
  const Rule* item = nullptr;
  const Field* field_list = nullptr;
  std::size_t field_count = 0;
  const char* const* choice_list = nullptr;
  std::size_t choice_count = 0;
  const char* signature = nullptr;

  std::span<const Field> fields() const;
  std::span<const char* const> choices() const { return {choice_list, choice_count}; }
};

struct Field {
  const char* name;
  Rule rule;
  bool is_required;
  const char* help;  // one line, with the unit
};

inline std::span<const Field> Rule::fields() const { return {field_list, field_count}; }

// One constructor, vw.<constructor>.
struct Schema {
  const char* constructor;
  const char* kind;      // as in the catalog
  const char* id_field;  // "id"; "organisation" for models; nullptr: the id is the constructor's name
  const char* help;
  std::span<const Field> fields;
};

// "a number from 1 to 64", "a list of texts": for messages and documentation.
std::string describe_rule(const Rule& rule);
std::string describe_items(const Rule& rule);  // the same in the plural

// Thrown by check_declaration. `field` is the name to look for in the text of the script; may be empty.
struct Misfit {
  std::string message, field;
};

// Holds the table at `index` against the schema and marks its lists as lists. Never raises; throws Misfit, whose
// message begins with the label: "quantization 'awq': unknown field 'weight_bit'; did you mean 'weight_bits'?".
void check_declaration(lua_State* L, int index, const Schema& schema);

}  // namespace vw::lua
