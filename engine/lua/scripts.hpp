// lua: from script files to catalog entries.
#pragma once

#include "lua/state.hpp"

#include <string>
#include <vector>

namespace vw::lua {

// One declaration of a script: a table kind (value) or a part kind (part).
struct Declaration {
  std::string kind, id;
  Loaded loaded;
};

// Runs a script and returns what it declares. Throws vw::Error with the author's file:line: no declaration, unknown
// field with did-you-mean, wrong type or range, another api version, a kind that does not belong into this folder, an
// id that is not the file's name, too much memory, too long.
std::vector<Declaration> load_script(const std::string& path, Origin::Rank rank, const Host& host,
                                     const Limits& limits = {});

// Indexes a scripts folder (`<folder>/families/*.lua`, ...; see parts/origins.hpp): names only, nothing is run.
// Scripts lying flat in the folder are run at once, and their constructor says what they are; defaults.lua is known by
// its name. Helpers ("_*.lua"), tests ("*_test.lua") and "*.meta.lua" are passed over. A broken script is recorded as
// refused. Sources ask `catalog` where the host has none, so it must stay where it is; so must the host's files.
void index_scripts(const std::string& folder, Origin::Rank rank, const Host& host, Catalog& catalog);

// One case of a script's test.
struct TestResult {
  std::string name, failure;  // failure: message with file:line, empty when it passed
};
// Runs `<id>_test.lua` against the script it tests. The test sees `subject` (the declared table, functions included),
// vw, vw.expect(actual, expected) (deep comparison, raises on the author's line) and vw.fails(function) (returns the
// message), and returns a list of { "a sentence", function() ... end }. Throws vw::Error when either file is broken.
std::vector<TestResult> run_script_test(const std::string& test_path, const std::string& script_path, const Host& host,
                                        const Limits& limits = {});

// The typed, never executed description of the API for editors: the content of scripts/vw.meta.lua.
std::string editor_api();
// The field tables of scripts/README.md, one per constructor, in Markdown.
std::string field_tables();

}  // namespace vw::lua
