// tool-runner: taking apart what tools print for people.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vw::tools {

using Json = nlohmann::json;

std::string trimmed(std::string_view text);
std::vector<std::string> lines_of(std::string_view text);
std::vector<std::string> words_of(std::string_view text);               // between blanks and tabs
std::vector<std::string> split(std::string_view text, char separator);  // trimmed pieces, empty ones kept
// The first line that says something, printable, shortened.
std::string first_line(std::string_view text);
// Without the escape sequences that colour a terminal; nvidia-smi underlines even into a pipe.
std::string without_colours(std::string_view text);
// A whole text that is a number, not negative; a unit may follow after a blank when `unit` says so.
std::optional<double> number_of(std::string_view text);
bool contains(std::string_view text, std::string_view wanted);

// JSON that a tool printed, warnings before it skipped. Empty when there is none, or it is broken.
std::optional<Json> json_in(std::string_view text);

// The time-out of a request {"verb": "detect", "timeout_s": 10}: 10 when it is missing or makes no sense.
double timeout_s(const Json& request);

}  // namespace vw::tools
