#include "lua/script_part.hpp"

#include "base/text.hpp"
#include "lua/api.hpp"
#include "lua/core.hpp"
#include "lua/evaluate.hpp"
#include "lua/host_access.hpp"
#include "lua/json_bridge.hpp"
#include "lua/members.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace vw::lua {

namespace {

bool is_hot(const Schema& schema) {
  const std::string_view kind = schema.kind;
  return kind == VW_KIND_MEMORY_MODEL || kind == VW_KIND_PERF_HEURISTIC;
}

Json member_of(const Json& request, const char* name) {
  return request.is_object() && request.contains(name) ? request.at(name) : Json();
}

// The indices of a candidate count from 1 in Lua.
Json candidate_for_lua(Json candidate) {
  for (const char* index : {"gpu", "format", "kv_format", "release"})
    if (candidate.is_object() && candidate.contains(index) && candidate[index].is_number_integer())
      candidate[index] = candidate[index].get<std::int64_t>() + 1;
  return candidate;
}

State state_for(const Script& script) {
  std::optional<State> ready = script.ready->take();
  return ready ? std::move(*ready) : run_script(script);
}

// An opened script. Its stack holds the declaration and the context for as long as it lives.
class Opened {
 public:
  Opened(std::shared_ptr<const Script> script, const Json& settings)
      : script_(std::move(script)), state_(state_for(*script_)) {
    select_declaration(state_, *script_->schema, script_->id);
    lua_replace(state_.raw(), at_declaration);
    lua_settop(state_.raw(), at_declaration);
    if (!is_hot(*script_->schema)) return;
    make_context(settings);
    evaluator_.emplace(script_->schema->kind);
  }

  Json answer(const Json& request) {
    const std::string_view kind = script_->schema->kind;
    const Json verb = member_of(request, "verb");
    if (kind == VW_KIND_METADATA_SOURCE || kind == VW_KIND_GPU_DETECTOR || kind == VW_KIND_SERVER_PROBE)
      return call("ask", {&request});
    if (kind == VW_KIND_RENDERER) return verb == "render-pack" ? render_pack(request) : call("render", {&request});
    if (kind == VW_KIND_MODEL_FAMILY && verb == "architectures") return architectures();
    if (kind == VW_KIND_MODEL_FAMILY && verb == "reduce") return reduce(request);
    if (is_hot(*script_->schema) && verb == "explain") return explain(request);
    if (is_hot(*script_->schema) && verb == "policy") return policy();
    throw Error(script_->path, fmt::format("does not know the verb {}", quote(to_text(verb))));
  }

  void evaluate(const vw_batch& batch) {
    const StackGuard guard(state_);
    push_member(state_.raw(), at_declaration, "estimate");
    lua_pushvalue(state_.raw(), at_context);
    evaluator_->run(state_, batch);
  }

 private:
  static constexpr int at_declaration = 1, at_context = 2;  // of the stack
  using Arguments = std::initializer_list<const Json*>;

  // Calls declaration[function](context if there is one, arguments) and leaves its one result on the stack.
  void call_to_stack(const char* function, bool with_context, Arguments arguments) {
    lua_State* const host = state_.raw();
    push_member(host, at_declaration, function);
    if (with_context) lua_pushvalue(host, at_context);
    const Json* const* const first = arguments.begin();
    const int count = static_cast<int>(arguments.size());
    state_.protect(script_->limits.call_s, with_context ? 2 : 1, [first, count](lua_State* L) {
      luaL_checkstack(L, count, nullptr);
      for (int i = 0; i < count; ++i) push_json(L, *first[i]);
      lua_call(L, lua_gettop(L) - 1, 1);
      return 1;
    });
  }

  Json call(const char* function, Arguments arguments, bool with_context = false) {
    const StackGuard guard(state_);
    call_to_stack(function, with_context, arguments);
    try {
      return read_json(state_.raw(), -1, "result");
    } catch (const Error& error) {
      push_member(state_.raw(), at_declaration, function);
      throw Error(state_.place_of_function(-1), fmt::format("{}: {}", function, error.what()));
    }
  }

  void make_context(const Json& settings) {
    if (has_member(state_.raw(), at_declaration, "prepare")) {
      call_to_stack("prepare", false, {&settings});
      if (lua_isnil(state_.raw(), at_context)) throw state_.error_at_field("prepare", "prepare returned no context");
    } else {
      const Json* const value = &settings;
      state_.protect(script_->limits.call_s, 0, [value](lua_State* L) {
        push_json(L, *value);
        return 1;
      });
    }
  }

  Json render_pack(const Json& request) {
    if (has_member(state_.raw(), at_declaration, "render_pack")) return call("render_pack", {&request});
    return {{"left_out", "is written for one model, not for several that share cards"}};
  }

  Json architectures() {
    const StackGuard guard(state_);
    push_member(state_.raw(), at_declaration, "architectures");
    return {{"architectures", read_json(state_.raw(), -1, "architectures")}};
  }

  Json reduce(const Json& request) {
    const Json config = member_of(request, "config"), checkpoint = member_of(request, "checkpoint");
    try {
      return call("reduce", {&config, &checkpoint});
    } catch (const Error& error) {
      // An error raised without a line of the script is about what the script was given.
      if (error.where() != script_->path || error.traceback().empty()) throw;
      throw Error("config.json", error.message(), error.hint());
    }
  }

  Json policy() {
    const StackGuard guard(state_);
    if (!has_member(state_.raw(), at_declaration, "policy")) return nullptr;
    push_member(state_.raw(), at_declaration, "policy");
    return read_json(state_.raw(), -1, "policy");
  }

  Json explain(const Json& request) {
    if (!has_member(state_.raw(), at_declaration, "explain")) return nullptr;
    const Json candidate = candidate_for_lua(member_of(request, "candidate"));
    const Json memory = member_of(request, "memory");
    return call("explain", {&candidate, &memory}, true);
  }

  std::shared_ptr<const Script> script_;
  State state_;
  std::optional<Evaluator> evaluator_;
};

void write(vw_sink sink, const std::string& text) { sink.write(sink.to, text.data(), text.size()); }

// The gate of the C border: no exception passes.
template <class Work>
vw_status guarded(vw_sink error, Work&& work) noexcept {
  try {
    work();
    return VW_OK;
  } catch (const Error& failure) {
    write(error, describe(failure));
  } catch (const std::exception& failure) {
    write(error, failure.what());
  } catch (...) {
    write(error, "an exception that is not a std::exception was thrown");
  }
  return VW_FAILED;
}

// Keeps what the descriptor points at.
struct Described {
  std::shared_ptr<const Script> script;
  vw_part descriptor{};
};

void* open(const vw_part* part, const char* json, std::size_t size, vw_sink error) {
  std::unique_ptr<Opened> opened;
  guarded(error, [&] {
    const auto& script = *static_cast<const std::shared_ptr<const Script>*>(part->data);
    opened = std::make_unique<Opened>(script, parse_json({json, size}, "settings"));
  });
  return opened.release();
}

void close(void* self) { delete static_cast<Opened*>(self); }

vw_status ask(void* self, const char* json, std::size_t size, vw_sink reply, vw_sink error) {
  return guarded(error, [&] {
    write(reply, to_text(static_cast<Opened*>(self)->answer(parse_json({json, size}, "request"))));
  });
}

vw_status evaluate(void* self, const vw_batch* batch, vw_sink error) {
  return guarded(error, [&] { static_cast<Opened*>(self)->evaluate(*batch); });
}

[[noreturn]] void fail_selection(const State& state, const Schema& schema, const std::string& id) {
  throw Error(state.path(), fmt::format("declares no {} {} any more", schema.constructor, quote(id)));
}

// The name of a declaration on top of the stack, in lower case as files are named.
bool is_declaration(lua_State* L, const Schema& schema, const std::string& id) {
  if (schema_of(L, -1) != &schema) return false;
  return schema.id_field == nullptr || lower(text_member(L, -1, schema.id_field)) == id;
}

}  // namespace

void ReadyState::put(State state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

std::optional<State> ReadyState::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(state_, std::nullopt);
}

State run_script(const Script& script) {
  State state(script.path, script.host, script.limits);
  if (script.schema != nullptr) {
    const char* const kind = script.schema->kind;
    state.protect(script.limits.call_s, 0, [kind](lua_State* L) {
      grant_access(L, kind);
      return 0;
    });
  }
  state.run_chunk(script.path, script.text, 1);
  return state;
}

void select_declaration(const State& state, const Schema& schema, const std::string& id) {
  lua_State* const L = state.raw();
  if (is_declaration(L, schema, id)) return;
  if (!lua_istable(L, -1)) fail_selection(state, schema, id);
  const int list = lua_gettop(L);
  const auto count = static_cast<lua_Integer>(lua_rawlen(L, list));
  for (lua_Integer i = 1; i <= count; ++i) {
    lua_rawgeti(L, list, i);
    if (is_declaration(L, schema, id)) return lua_remove(L, list);
    lua_pop(L, 1);
  }
  fail_selection(state, schema, id);
}

std::shared_ptr<const Part> make_part(std::shared_ptr<const Script> script, Origin origin, bool answers) {
  const auto described = std::make_shared<Described>();
  described->script = std::move(script);
  const Script& it = *described->script;
  const bool hot = is_hot(*it.schema);
  described->descriptor = {sizeof(vw_part),
                           &described->script,
                           it.schema->kind,
                           it.id.c_str(),
                           it.summary.c_str(),
                           open,
                           close,
                           hot && !answers ? nullptr : ask,
                           hot ? evaluate : nullptr,
                           nullptr};
  return std::make_shared<const Part>(described->descriptor, std::move(origin), described);
}

}  // namespace vw::lua
