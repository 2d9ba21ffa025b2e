#include "lua/state.hpp"

#include "lua/alarm.hpp"
#include "lua/api.hpp"
#include "lua/compiled.hpp"
#include "lua/core.hpp"
#include "lua/sandbox.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>

namespace vw::lua {

namespace {

constexpr int instructions_between_checks = 1000;
constexpr std::string_view traceback_mark = "\nstack traceback:\n";

std::chrono::steady_clock::time_point in_seconds(double seconds) noexcept {
  return std::chrono::steady_clock::now() + std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

void check_clock(lua_State* L, lua_Debug* position);

// CPU time never runs faster than the wall clock, which is cheaper to read: it is asked first.
bool time_is_up(Core& core) noexcept {
  if (std::chrono::steady_clock::now() < core.wall_deadline) return false;
  const double left_s = core.cpu_deadline_s - cpu_time_s();
  if (left_s <= 0) return true;
  core.wall_deadline = in_seconds(left_s);
  return false;
}

// Raises at `position`, and from now on at every instruction.
void end_of_time(lua_State* L, const lua_Debug& position) {
  Core& core = core_of(L);
  if (!core.is_over)
    std::snprintf(core.over_at.data(), core.over_at.size(), "%s:%d", position.short_src, position.currentline);
  core.is_over = true;
  lua_sethook(L, check_clock, LUA_MASKCOUNT, 1);
  lua_pushfstring(L, "%s:%d: ran too long", position.short_src, position.currentline);
  lua_error(L);
}

void* allocate(void* at, void* block, std::size_t old_size, std::size_t new_size) {
  Core& core = *static_cast<Core*>(at);
  if (block == nullptr) old_size = 0;  // Lua passes a type tag here
  if (new_size == 0) {
    if (block != nullptr) core.pool.release(block, old_size);
    core.used_bytes -= old_size;
    return nullptr;
  }
  if (new_size > old_size && core.used_bytes + (new_size - old_size) > core.limits.memory_bytes) {
    // Each refusal costs a full collection, so 1000 instructions could take a minute from here on.
    if (!core.memory_was_refused && core.state != nullptr) lua_sethook(core.state, check_clock, LUA_MASKCOUNT, 1);
    core.memory_was_refused = true;
    return nullptr;
  }
  void* const moved = block == nullptr ? core.pool.allocate(new_size) : core.pool.resize(block, old_size, new_size);
  if (moved != nullptr) core.used_bytes += new_size - old_size;
  return moved;
}

// The count hook. Set when the alarm rings, it fires on every instruction, so that a script's own pcall cannot hold it.
void check_clock(lua_State* L, lua_Debug* position) {
  Core& core = core_of(L);
  if (!core.is_over && !time_is_up(core)) return;
  lua_getinfo(L, "Sl", position);
  end_of_time(L, *position);
}

void start_clock(Core& core, double seconds) noexcept {
  core.allowed_s = seconds;
  core.is_over = false;
  core.memory_was_refused = false;
  core.wall_deadline = in_seconds(seconds);
  core.cpu_deadline_s = cpu_time_s() + seconds;
  lua_sethook(core.state, nullptr, 0, 0);
}

void set_hook(void* state) { lua_sethook(static_cast<lua_State*>(state), check_clock, LUA_MASKCOUNT, 1); }

// Message handler. Calls nothing of the script: no hook watches over a handler that runs inside the hook's error.
int add_traceback(lua_State* L) {
  const char* message = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : nullptr;
  if (message == nullptr) message = lua_pushfstring(L, "the error is a %s value, expected text", luaL_typename(L, 1));
  luaL_traceback(L, L, message, 1);
  return 1;
}

struct BodyCall {
  int (*body)(lua_State*, void*);
  void* at;
};

int call_body(lua_State* L) {
  const BodyCall call = *static_cast<const BodyCall*>(lua_touserdata(L, 1));
  lua_remove(L, 1);
  return call.body(L, call.at);
}

std::string short_name(const std::string& path) {
  constexpr std::size_t most = LUA_IDSIZE - 1;  // lobject.c: luaO_chunkid
  if (path.size() <= most) return path;
  return "..." + path.substr(path.size() - (most - 3));
}

// The length of "path:12" when `message` begins with it and a colon, else 0.
std::size_t position_length(const std::string& message, const std::string& path) {
  if (!message.starts_with(path) || message.size() <= path.size() || message[path.size()] != ':') return 0;
  std::size_t end = path.size() + 1;
  while (end < message.size() && std::isdigit(static_cast<unsigned char>(message[end]))) ++end;
  return end > path.size() + 1 && message.compare(end, 2, ": ") == 0 ? end : 0;
}

// "file:line: what" of one of the loaded files into its two halves.
Error error_from_message(const Core& core, const std::string& message) {
  for (const Chunk& chunk : core.chunks)
    if (const std::size_t length = position_length(message, chunk.path))
      return {message.substr(0, length), message.substr(length + 2)};
  return {core.chunks.front().path, message};
}

}  // namespace

void check_time(lua_State* L) {
  if (!time_is_up(core_of(L))) return;
  lua_Debug position{};
  if (lua_getstack(L, 1, &position) != 0) lua_getinfo(L, "Sl", &position);
  end_of_time(L, position);
}

Chunk make_chunk(const Host& host, std::string path, Text text) {
  Chunk chunk{std::move(path), std::move(text)};
  if (host.compiled_folder.empty() || host.files == nullptr) return chunk;
  const auto content = host.files->read(host.compiled_folder + "/" + compiled_name(*chunk.text));
  if (content) chunk.bytecode = bytecode_of(*content, chunk.path);
  return chunk;
}

std::string expand_paths(const Core& core, std::string text) {
  for (const Chunk& chunk : core.chunks) {
    const std::string shown = short_name(chunk.path);
    if (shown == chunk.path) continue;
    for (std::size_t at = 0; (at = text.find(shown, at)) != std::string::npos; at += chunk.path.size())
      text.replace(at, shown.size(), chunk.path);
  }
  return text;
}

int line_of_field(const std::string& text, const std::string& field, int first) {
  if (field.empty()) return 0;
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  int line = 1;
  std::size_t counted = 0;
  for (std::size_t at = 0; (at = text.find(field, at)) != std::string::npos; at += field.size()) {
    for (; counted < at; ++counted) line += text[counted] == '\n' ? 1 : 0;
    if (line < first || (at > 0 && is_word(text[at - 1]))) continue;
    std::size_t after = at + field.size();
    if (text.compare(after, 2, "\"]") == 0) after += 2;
    after = text.find_first_not_of(" \t", after);
    if (after != std::string::npos && text[after] == '=' && text.compare(after, 2, "==") != 0) return line;
  }
  return 0;
}

State::State(std::string path, Host host, Limits limits) : core_(std::make_unique<Core>()) {
  core_->host = std::move(host);
  core_->limits = limits;
  core_->chunks.push_back({std::move(path), nullptr});
  core_->state = lua_newstate(allocate, core_.get());
  if (core_->state == nullptr) throw Error(this->path(), "there is no memory for a Lua state");
  *static_cast<Core**>(lua_getextraspace(core_->state)) = core_.get();
  protect(limits.call_s, 0, [](lua_State* L) {
    open_sandbox(L);
    open_api(L);
    return 0;
  });
}

State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;
State::~State() = default;

lua_State* State::raw() const noexcept { return core_->state; }
const std::string& State::path() const noexcept { return core_->chunks.front().path; }
const Limits& State::limits() const noexcept { return core_->limits; }

int State::run(int (*body)(lua_State*, void*), void* at, double seconds, int arguments) {
  lua_State* const L = core_->state;
  if (lua_checkstack(L, 8) == 0) throw Error(path(), "there is no memory for a Lua call");
  const int height = lua_gettop(L) - arguments;
  BodyCall call{body, at};
  lua_pushcfunction(L, add_traceback);
  lua_pushcfunction(L, call_body);
  lua_pushlightuserdata(L, &call);
  lua_rotate(L, height + 1, 3);  // the arguments last
  start_clock(*core_, seconds);
  const Alarm alarm(core_->cpu_deadline_s, set_hook, L);
  if (!alarm.is_set()) lua_sethook(L, check_clock, LUA_MASKCOUNT, instructions_between_checks);
  const int status = lua_pcall(L, arguments + 1, LUA_MULTRET, height + 1);
  lua_remove(L, height + 1);
  if (status == LUA_OK && !core_->is_over) return lua_gettop(L) - height;
  const Error error = failure(status);
  lua_settop(L, height);
  throw Error(error);
}

Error State::failure(int status) {
  lua_State* const L = core_->state;
  const bool has_message = status != LUA_OK && lua_type(L, -1) == LUA_TSTRING;
  const char* const raised = has_message ? lua_tostring(L, -1) : "";
  std::string message = expand_paths(*core_, raised);
  std::string traceback;
  if (const std::size_t mark = message.find(traceback_mark); mark != std::string::npos) {
    traceback = message.substr(mark + 1);
    message.resize(mark);
  }
  if (core_->is_over)
    return Error(expand_paths(*core_, core_->over_at.data()),
                 fmt::format("ran longer than {:.3g} s; look for a loop that does not end", core_->allowed_s))
        .with_traceback(std::move(traceback));
  if (status == LUA_ERRMEM)
    return {path(), fmt::format("needs more than {} MiB of memory", core_->limits.memory_bytes >> 20)};
  return error_from_message(*core_, message).with_traceback(std::move(traceback));
}

void State::run_chunk(const std::string& chunk_path, Text text, int results) {
  auto& chunks = core_->chunks;
  Chunk chunk = make_chunk(core_->host, chunk_path, std::move(text));
  if (chunk_path == path())
    chunks.front() = std::move(chunk);
  else
    chunks.push_back(std::move(chunk));
  const std::size_t index = chunk_path == path() ? 0 : chunks.size() - 1;
  protect(core_->limits.call_s, 0, [index, results](lua_State* L) {
    load_chunk(L, index);
    lua_call(L, 0, results);
    return results;
  });
}

std::string State::place_of_function(int index) const {
  lua_Debug function{};
  lua_pushvalue(core_->state, index);
  lua_getinfo(core_->state, ">S", &function);
  if (function.source[0] != '@') return path();
  return fmt::format("{}:{}", function.source + 1, function.linedefined);
}

Error State::error_at_field(const std::string& field, const std::string& message) const {
  const Chunk& chunk = core_->chunks.front();
  const int line = chunk.text == nullptr ? 0 : line_of_field(*chunk.text, field, 1);
  return {line == 0 ? chunk.path : fmt::format("{}:{}", chunk.path, line), message};
}

StackGuard::StackGuard(const State& state) noexcept : state_(state.raw()), height_(lua_gettop(state_)) {}
StackGuard::~StackGuard() { lua_settop(state_, height_); }

}  // namespace vw::lua
