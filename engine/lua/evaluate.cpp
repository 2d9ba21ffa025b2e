#include "lua/evaluate.hpp"

#include "base/text.hpp"
#include "lua/core.hpp"
#include "lua/members.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::lua {

namespace {

using Form = Slot::Form;

Slot slot_of(const RowField& field) {
  const std::string_view name = field.name;
  for (const char* index : {"gpu", "format", "kv_format", "release"})
    if (name == index) return {field, Form::index, {}};
  if (name == "verdict") return {field, Form::name, verdicts()};
  if (name == "reason") return {field, Form::name, reasons()};
  if (name == "bottleneck") return {field, Form::name, bottlenecks()};
  if (name == "starts" || name == "survives") return {field, Form::answer, {}};
  return {field, Form::number, {}};
}

std::vector<Slot> slots_of(std::span<const RowField> fields) {
  std::vector<Slot> slots;
  for (const RowField& field : fields) slots.push_back(slot_of(field));
  return slots;
}

constexpr std::size_t most_row_bytes = 512;
static_assert(sizeof(vw_memory) <= most_row_bytes && sizeof(vw_perf) <= most_row_bytes);

// A result row of any kind.
struct alignas(8) Row {
  std::array<unsigned char, most_row_bytes> bytes;
};

using RowBytes = const unsigned char*;

RowBytes row_at(const void* rows, std::size_t stride, std::size_t index) {
  return static_cast<RowBytes>(rows) + index * stride;
}

std::uint32_t u32_at(RowBytes row, const RowField& field) {
  std::uint32_t value = 0;
  std::memcpy(&value, row + field.offset, sizeof value);
  return value;
}
std::uint64_t u64_at(RowBytes row, const RowField& field) {
  std::uint64_t value = 0;
  std::memcpy(&value, row + field.offset, sizeof value);
  return value;
}
double f64_at(RowBytes row, const RowField& field) {
  double value = 0;
  std::memcpy(&value, row + field.offset, sizeof value);
  return value;
}

bool is_same(RowBytes left, RowBytes right, const RowField& field) {
  return field.type == RowField::Type::u32 ? u32_at(left, field) == u32_at(right, field)
                                           : u64_at(left, field) == u64_at(right, field);
}

void push_number(lua_State* L, RowBytes row, const RowField& field) {
  switch (field.type) {
    case RowField::Type::u32:
      return lua_pushinteger(L, u32_at(row, field));
    case RowField::Type::u64:
      return lua_pushinteger(L, static_cast<lua_Integer>(u64_at(row, field)));
    case RowField::Type::f64:
      return lua_pushnumber(L, f64_at(row, field));
  }
}

void push_answer(lua_State* L, std::uint32_t answer) {
  if (answer == VW_UNKNOWN)
    lua_pushnil(L);
  else
    lua_pushboolean(L, answer == VW_YES ? 1 : 0);
}

void push_slot(lua_State* L, RowBytes row, const Slot& slot) {
  switch (slot.form) {
    case Form::number:
      return push_number(L, row, slot.field);
    case Form::index:
      return lua_pushinteger(L, lua_Integer{u32_at(row, slot.field)} + 1);
    case Form::answer:
      return push_answer(L, u32_at(row, slot.field));
    case Form::name:
      lua_pushstring(L, name_of(slot.names, u32_at(row, slot.field)));
  }
}

// A table of a script that mirrors the rows of a batch: from row to row, only what differs is set.
struct Mirror {
  int table, first_key;  // of the stack; the keys follow each other
  std::span<const Slot> slots;
  RowBytes row;  // nullptr: none yet
};

// The fields that rows of this length have: an older host's are shorter.
std::span<const Slot> within(std::span<const Slot> slots, std::size_t stride) {
  const auto fits = [&](const Slot& slot) {
    return slot.field.offset + (slot.field.type == RowField::Type::u32 ? 4 : 8) <= stride;
  };
  return slots.first(static_cast<std::size_t>(std::count_if(slots.begin(), slots.end(), fits)));
}

Mirror make_mirror(lua_State* L, std::span<const Slot> slots) {
  lua_createtable(L, 0, static_cast<int>(slots.size()));
  const int table = lua_gettop(L);
  for (const Slot& slot : slots) lua_pushstring(L, slot.field.name);
  return {table, table + 1, slots, nullptr};
}

void show_row(lua_State* L, Mirror& mirror, RowBytes row) {
  int key = mirror.first_key;
  for (const Slot& slot : mirror.slots) {
    if (mirror.row == nullptr || !is_same(row, mirror.row, slot.field)) {
      lua_pushvalue(L, key);
      push_slot(L, row, slot);
      lua_rawset(L, mirror.table);
    }
    ++key;
  }
  mirror.row = row;
}

// What a script got wrong. Fixed size: it is filled where a Lua error could skip a destructor.
struct Problem {
  enum class What { none, no_table, no_field, no_value, changed };
  What what = What::none;
  std::size_t candidate = 0;
  const Slot* slot = nullptr;
  std::array<char, 80> text{};  // the name of a field, or the type or text of a value

  void set(What kind, const Slot* at, const char* shown) noexcept {
    what = kind;
    slot = at;
    std::strncpy(text.data(), shown, text.size() - 1);
  }
};

// Short strings are unique in a state, so the name of a field is found by its address.
class Names {
 public:
  void add(const void* name, const Slot* slot) noexcept {
    std::size_t at = place(name);
    while (keys_[at] != nullptr) at = (at + 1) % size;
    keys_[at] = name;
    slots_[at] = slot;
  }
  const Slot* find(const void* name) const noexcept {
    for (std::size_t at = place(name); keys_[at] != nullptr; at = (at + 1) % size)
      if (keys_[at] == name) return slots_[at];
    return nullptr;
  }

 private:
  static constexpr std::size_t size = 128;
  static std::size_t place(const void* name) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(name);
    return (address >> 4 ^ address >> 11) % size;
  }
  std::array<const void*, size> keys_{};
  std::array<const Slot*, size> slots_{};
};

// The value on top of the stack into a field; false: it is no such value.
bool store(lua_State* L, Row& row, const Slot& slot) {
  switch (slot.form) {
    case Form::answer:
      if (!lua_isboolean(L, -1)) return false;
      return write_field(row.bytes.data(), slot.field, lua_toboolean(L, -1) != 0 ? VW_YES : VW_NO);
    case Form::name: {
      if (lua_type(L, -1) != LUA_TSTRING) return false;
      const auto value = value_of(slot.names, text_at(L, -1));
      return value && write_field(row.bytes.data(), slot.field, *value);
    }
    default:
      break;
  }
  if (lua_type(L, -1) != LUA_TNUMBER) return false;
  const double value = lua_tonumberx(L, -1, nullptr);
  if (slot.field.type != RowField::Type::f64) return write_field(row.bytes.data(), slot.field, value);
  std::memcpy(row.bytes.data() + slot.field.offset, &value, sizeof value);
  return true;
}

void show_value(lua_State* L, Problem& problem, const Slot& slot) {
  const int type = lua_type(L, -1);
  const bool has_text = type == LUA_TSTRING || type == LUA_TNUMBER;
  problem.set(Problem::What::no_value, &slot, has_text ? lua_tostring(L, -1) : luaL_typename(L, -1));
}

// The result table on top of the stack into a row.
bool read_result(lua_State* L, const Names& names, Row& row, Problem& problem) {
  if (!lua_istable(L, -1)) {
    problem.set(Problem::What::no_table, nullptr, luaL_typename(L, -1));
    return false;
  }
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    const Slot* const slot = names.find(lua_topointer(L, -2));
    if (slot == nullptr) {
      const bool is_text = lua_type(L, -2) == LUA_TSTRING;
      problem.set(Problem::What::no_field, nullptr, is_text ? lua_tostring(L, -2) : luaL_typename(L, -2));
      return false;
    }
    if (!store(L, row, *slot)) {
      show_value(L, problem, *slot);
      return false;
    }
    lua_pop(L, 1);
  }
  return true;
}

// A script that writes into its candidate would see its own value again for the next one.
bool is_unchanged(lua_State* L, const Mirror& mirror, Problem& problem) {
  int key = mirror.first_key;
  for (const Slot& slot : mirror.slots) {
    lua_pushvalue(L, key++);
    lua_rawget(L, mirror.table);
    push_slot(L, mirror.row, slot);
    const bool is_equal = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    if (is_equal) continue;
    problem.set(Problem::What::changed, &slot, slot.field.name);
    return false;
  }
  return true;
}

// One block, inside a protected call: nothing here has a destructor.
struct Block {
  const vw_batch* batch;
  std::span<const Slot> candidate, memory, result;
  std::size_t result_bytes;
  Problem* problem;

  // Stack: estimate, context; then the mirrors with their keys.
  int operator()(lua_State* L) const {
    luaL_checkstack(L, 160, "estimate");
    Mirror candidates = make_mirror(L, within(candidate, batch->candidate_stride));
    Mirror memories{};
    if (!memory.empty()) memories = make_mirror(L, within(memory, batch->memory_stride));
    Names names;
    for (const Slot& slot : result) {
      lua_pushstring(L, slot.field.name);
      names.add(lua_topointer(L, -1), &slot);
    }
    for (std::size_t i = 0; i < batch->count; ++i) {
      problem->candidate = i;
      show_row(L, candidates, row_at(batch->candidates, batch->candidate_stride, i));
      if (!memory.empty()) show_row(L, memories, row_at(batch->memory, batch->memory_stride, i));
      if (!call(L, candidates.table, memories.table, names, i)) return 0;
      const bool is_end = i == 0 || i + 1 == batch->count;
      if (is_end && !is_unchanged(L, candidates, *problem)) return 0;
    }
    return 0;
  }

  bool call(lua_State* L, int candidate_table, int memory_table, const Names& names, std::size_t index) const {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, candidate_table);
    if (memory_table != 0) lua_pushvalue(L, memory_table);
    lua_call(L, memory_table != 0 ? 3 : 2, 1);
    Row row;
    std::memset(row.bytes.data(), 0, result_bytes);
    if (!read_result(L, names, row, *problem)) return false;
    lua_pop(L, 1);
    std::memcpy(static_cast<char*>(batch->results) + index * batch->result_stride, row.bytes.data(),
                std::min(batch->result_stride, result_bytes));
    return true;
  }
};

std::vector<std::string> names_of(std::span<const Slot> slots) {
  std::vector<std::string> names;
  for (const Slot& slot : slots) names.emplace_back(slot.field.name);
  return names;
}

std::string expected_of(const Slot& slot) {
  if (slot.form == Form::answer) return "true, false or nil";
  if (slot.form == Form::number)
    return slot.field.type == RowField::Type::f64 ? "a number" : "a whole number, not negative";
  std::vector<std::string> names;
  for (const NamedValue& value : slot.names) names.push_back(quote(value.name));
  return join_or(names);
}

std::string describe(const Problem& problem, std::span<const Slot> slots) {
  const std::string text = problem.text.data();
  switch (problem.what) {
    case Problem::What::no_table:
      return fmt::format("estimate returned {}, expected a table", text);
    case Problem::What::no_field: {
      const std::string meant = did_you_mean(text, names_of(slots));
      return fmt::format("estimate returned the unknown field {}{}{}", quote(text), meant.empty() ? "" : "; ", meant);
    }
    case Problem::What::changed:
      return fmt::format("estimate changed candidate.{}; a candidate is read only, it is used again for the next",
                         text);
    default:
      break;
  }
  return fmt::format("estimate returned {} for {}, expected {}", text, problem.slot->field.name,
                     expected_of(*problem.slot));
}

}  // namespace

Evaluator::Evaluator(std::string_view kind)
    : candidate_(slots_of(candidate_fields())),
      memory_(kind == VW_KIND_PERF_HEURISTIC ? slots_of(memory_fields()) : std::vector<Slot>{}),
      result_(slots_of(kind == VW_KIND_PERF_HEURISTIC ? perf_fields() : memory_fields())),
      result_bytes_(kind == VW_KIND_PERF_HEURISTIC ? sizeof(vw_perf) : sizeof(vw_memory)) {}

void Evaluator::run(State& state, const vw_batch& batch) const {
  const std::string place = state.place_of_function(-2);
  const Limits& limits = state.limits();
  Problem problem;
  const Block block{&batch, candidate_, memory_, result_, result_bytes_, &problem};
  state.protect(limits.call_s + limits.per_candidate_s * batch.count, 2, block);
  if (problem.what != Problem::What::none)
    throw Error(place, fmt::format("{} (candidate {})", describe(problem, result_), problem.candidate));
}

}  // namespace vw::lua
