#include "complaints.hpp"

#include <cmath>

namespace vw::hub {

namespace {

const std::string without_network =
    "name a model that `vllm-wizard models` lists, or put its config.json into a folder and name the folder; --offline "
    "asks no network";

Complaint unreachable(const Reply& reply) {
  const auto times = reply.attempts > 1 ? ", asked " + std::to_string(reply.attempts) + " times" : "";
  return {"no answer: " + reply.trouble + times + ", expected a network that reaches it", without_network};
}

Complaint needs_token(const Access& access, const std::string& id, bool is_gated) {
  const auto page = access.endpoint + "/" + id;
  if (is_gated)
    return {"'" + id + "' is gated and no token was given, expected one in HF_TOKEN or in the token file",
            "ask for access at " + page + ", then log in with `hf auth login` or set HF_TOKEN"};
  return {"answered 401 for '" + id + "': it is private, gated, or does not exist, expected a public model or a token",
          "check the name; when it is right, log in with `hf auth login` or set HF_TOKEN"};
}

Complaint refused_token(const Access& access) {
  return {"refused the token in " + access.token_source + " (401), expected one that is valid",
          "make another at " + access.endpoint + "/settings/tokens, or unset it: public models need none"};
}

Complaint no_access(const Access& access, const std::string& id) {
  return {"the token in " + access.token_source + " has no access to '" + id +
              "' (403), expected one of an account that has",
          "accept the licence at " + access.endpoint + "/" + id +
              "; a fine-grained token also needs read access to gated repositories"};
}

Complaint too_many(const Reply& reply) {
  const auto wait = reply.retry_after_s > 0
                        ? "wait " + std::to_string(std::lround(reply.retry_after_s)) + " s and try again"
                        : std::string("try again later");
  return {"too many requests (429), expected an answer", wait + "; with a token (HF_TOKEN) more are allowed"};
}

Complaint out_of_order(const Reply& reply) {
  return {"answered " + std::to_string(reply.status) + " " + std::to_string(reply.attempts) +
              (reply.attempts == 1 ? " time" : " times") + ", expected 200",
          "try again later; " + without_network};
}

}  // namespace

Complaint complaint_of(const Reply& reply, const Access& access, const std::string& id) {
  if (!reply.trouble.empty()) return unreachable(reply);
  const bool is_gated = reply.error_code == "GatedRepo";
  if (reply.status == 403 || (reply.status == 401 && is_gated))
    return access.token.empty() ? needs_token(access, id, is_gated) : no_access(access, id);
  if (reply.status == 401) return access.token.empty() ? needs_token(access, id, false) : refused_token(access);
  if (reply.status == 429) return too_many(reply);
  if (reply.status >= 500 || reply.status == 408) return out_of_order(reply);
  return {"answered " + std::to_string(reply.status) + ", expected 200",
          "is HF_ENDPOINT the address of a Hub? it is " + access.endpoint};
}

Complaint web_page_complaint(const std::string& expected) {
  return {"answered with a web page, expected " + expected,
          "a proxy or a log-in page may stand in between, or HF_ENDPOINT is not the address of a Hub"};
}

}  // namespace vw::hub
