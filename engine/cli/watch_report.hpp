// cli: what `watch` shows of a server, beside its plan.
#pragma once

#include "watch/view.hpp"

#include <string>

namespace vw::cli {

// Plain lines of at most 80 columns. `plan` may be null.
std::string watch_report(const View& view, const History& history, const ServerFacts& facts, const PlannedServer* plan);

}  // namespace vw::cli
