// hf-hub: what to tell people when the Hub did not give what was asked for.
#pragma once

#include "access.hpp"
#include "transfers.hpp"

#include <string>

namespace vw::hub {

struct Complaint {
  std::string what, hint;

  // Both lines, as a part's error is written.
  std::string text() const { return what + "\nhint: " + hint; }
};

// `id`: the model that was asked for, "org/name".
Complaint complaint_of(const Reply& reply, const Access& access, const std::string& id);

// A web page where data was expected: a proxy, a log-in page, or a wrong HF_ENDPOINT.
Complaint web_page_complaint(const std::string& expected);

}  // namespace vw::hub
