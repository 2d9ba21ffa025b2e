// http-transfers: requests over libcurl, several at a time, with time-outs and retries. Knows nothing of who asks.
#pragma once

#include "http-transfers/patience.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vw::http {

// As whom is asked, and how far redirects are followed.
struct Caller {
  std::string token = {};         // empty: none; sent to the host of the URL only and never shown
  bool stays_secure = false;      // no redirect leads from https to http
  unsigned most_redirects = 8;    // 0: a redirect is the answer
  bool goes_round_proxy = false;  // whatever the environment says
};

struct Get {
  std::string url;
  std::uint64_t most_bytes = 0;  // of the body; a longer one is cut there
  bool is_piece = false;         // ask for `most_bytes` from `first` on rather than for the whole
  std::uint64_t first = 0;
};

struct Reply {
  long status = 0;  // HTTP status after redirects; 0: no answer came
  std::string body = {};
  bool is_longer = false;                          // than most_bytes
  std::string content_type = {}, error_code = {};  // error_code: the Hub's X-Error-Code
  std::string redirect = {};                       // where it sends to and was not followed
  std::optional<std::uint64_t> total_bytes = {};   // of the file that this is a piece of
  double retry_after_s = 0;
  std::string trouble = {};  // why no whole answer came; empty when one did
  unsigned attempts = 0;     // 0: not asked, because another request failed first

  bool is_good() const { return trouble.empty() && (status == 200 || status == 206); }
  // HTML, by its type or by how it begins.
  bool is_web_page() const;
  // The Hub may know and could not be asked: no network, overload.
  bool is_transient() const { return !trouble.empty() || status == 408 || status == 429 || status >= 500; }
};

class Transfers {
 public:
  // Both must outlive it.
  Transfers(const Caller& caller, const Patience& patience);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // One reply per request, in their order. Stops at the first request that fails for good. Never throws but
  // std::bad_alloc.
  std::vector<Reply> get(const std::vector<Get>& wanted);

 private:
  class Round;
  struct Handles;
  const Caller& caller_;
  const Patience& patience_;
  std::unique_ptr<Handles> handles_;
};

// Characters that are not plain ones become %XX; '/' stays.
std::string escaped(const std::string& path);
// The same for one step of a path: '/' becomes %2F.
std::string escaped_segment(const std::string& name);

}  // namespace vw::http
