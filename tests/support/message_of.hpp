// What a failing call says, whole: "where: message" and, if any, "\nhint: ...".
#pragma once

#include "base/error.hpp"

#include <string>
#include <utility>

namespace vw::test {

template <class Call>
std::string message_of(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (const Error& error) {
    return describe(error);
  }
  return "nothing was thrown";
}

}  // namespace vw::test
