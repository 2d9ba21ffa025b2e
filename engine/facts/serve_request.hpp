// facts: the options of `vllm serve` become what is planned.
#pragma once

#include "base/error.hpp"
#include "facts/request.hpp"
#include "facts/serve_options.hpp"

#include <vector>

namespace vw {

// An option whose value planning cannot read, and why.
struct WrongOption {
  std::size_t word = 0;  // as of ServeOption
  Error error;
};

// Whether a plan hangs on this flag.
bool is_planned(const std::string& flag);

// `base` with everything that the command says. What planning knows goes into the request and its serving section; all
// else is added to vllm_args, as it was written. Without --tensor-parallel-size and its like there is one GPU, as in
// vLLM. Options that cannot be read are left out and put into `wrong`.
Request request_of(const ServeCommand& command, Request base, std::vector<WrongOption>& wrong);

// The same; throws the first vw::Error, which names the option.
Request request_of(const ServeCommand& command, const Request& base = {});

}  // namespace vw
