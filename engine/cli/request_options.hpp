// cli: options (and a profile under them) become a Request.
#pragma once

#include "base/files.hpp"
#include "cli/arguments.hpp"
#include "facts/request.hpp"

namespace vw::cli {

// Throws vw::Error naming the option, or the profile's file and path.
Request to_request(const Arguments& arguments, const Files& files);
// The same for a command that takes a profile of several models, too.
Request to_request_of_models(const Arguments& arguments, const Files& files);
// What is given over `base`.
Request with_options(const Arguments& arguments, Request base);

}  // namespace vw::cli
