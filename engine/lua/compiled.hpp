// lua: scripts compiled beforehand. A fifth of a plan would go into parsing the shipped scripts, so the build compiles
// each of them into a file of its own, named by the script's text: a script that was changed since finds none and is
// parsed. Bytecode can break out of the sandbox; only what the build wrote is ever loaded, never a file of the user's.
#pragma once

#include <string>

namespace vw::lua {

// The name of the compiled file of a script with this text.
std::string compiled_name(const std::string& text);

// The content of that file. Throws vw::Error when the text does not compile; `path` is for the message.
std::string compile(const std::string& path, const std::string& text);

// The bytecode in such a content under the name "@path"; empty when another release of Lua wrote it.
std::string bytecode_of(const std::string& content, const std::string& path);

}  // namespace vw::lua
